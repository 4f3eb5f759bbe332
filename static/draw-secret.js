/* 抽取各方的随机数：在本机生成，只把承诺值交上去；公开时与承诺核对。没有脚本时，两张表单照样能填。 */
(() => {
  const $ = (s, r) => r.querySelector(s);
  const bytes = text => new TextEncoder().encode(text);
  const hex = buffer => [...new Uint8Array(buffer)].map(b => b.toString(16).padStart(2, '0')).join('');

  // 每一部分前加4字节长度，再求SHA-256
  const digest = async parts => {
    const all = parts.flatMap(part => { const b = bytes(part), n = new Uint8Array(4); new DataView(n.buffer).setUint32(0, b.length); return [...n, ...b]; });
    return hex(await crypto.subtle.digest('SHA-256', new Uint8Array(all)));
  };
  const weak = text => text.length < 26 || new Set(text).size < 2;

  const bind = form => {
    const d = form.dataset, note = $('[data-secret-note]', form), secret = $('[data-secret]', form);
    const kept = `draw:${d.drawId}:${d.role}:${d.ident}`;
    const promise = text => digest(['commit', d.drawId, d.role, d.ident, d.poolRoot, text]);
    const keep = text => { try { localStorage.setItem(kept, text); } catch { /* 无痕窗口 */ } };
    const recall = () => { try { return localStorage.getItem(kept) || ''; } catch { return ''; } };
    if (!secret || !window.crypto?.subtle || d.hash !== 'sha256') return;

    if (d.stage === 'commit') {
      const commitment = $('[name=commitment]', form), make = $('[data-make]', form), save = $('[data-save]', form);
      $('[data-secret-part]', form).hidden = false;
      const told = async () => {
        const text = secret.value;
        const value = text ? await promise(text) : '';
        if (secret.value !== text) return;  // 又输入了新的，由后一次来填
        commitment.value = value;
        note.textContent = !text ? '' : weak(text) ? '随机数太短：请用至少26个字符，或点“生成随机数”' : '承诺值已算好。请保存随机数，公开时还要用';
        if (!text) return;
        keep(text);
        save.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
        save.download = `${d.drawId}-${d.role}.txt`;
        save.hidden = false;
      };
      secret.addEventListener('input', told);
      make.addEventListener('click', () => { secret.value = hex(crypto.getRandomValues(new Uint8Array(32))); told(); });
      form.addEventListener('submit', async e => {
        if (!secret.value) return;  // 承诺值是在别处算好填进来的
        e.preventDefault();
        await told();
        form.submit();
      });
      if (!commitment.value && recall()) { secret.value = recall(); told(); }
    } else {
      if (!secret.value) secret.value = recall();
      const check = async () => {
        const right = !secret.value || !d.commit || await promise(secret.value) === d.commit;
        note.textContent = right ? '' : '这不是您承诺时的随机数';
        return right;
      };
      secret.addEventListener('input', check);
      form.addEventListener('submit', async e => {
        e.preventDefault();
        if (await check()) form.submit(); else secret.focus();
      });
      check();
    }
  };
  document.querySelectorAll('form[data-draw-secret]').forEach(bind);
})();
