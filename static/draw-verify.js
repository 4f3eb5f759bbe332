/* 在访客自己的浏览器里核验一次抽取（协议 draw/1）：不信服务器，全部重算。SHA-256用浏览器自带的，SM3照GB/T 32905写在下面。 */
(() => {
  const WHY = ['employer', 'mentor', 'relative', 'investor', 'declared', 'suspended', 'leave', 'cap', 'busy'];
  const bytes = text => new TextEncoder().encode(text);
  const hex = array => Array.from(array, b => b.toString(16).padStart(2, '0')).join('');

  const sm3 = message => {
    const rot = (x, n) => (x << (n % 32) | x >>> (32 - n % 32) % 32) >>> 0;
    const padded = new Uint8Array(((message.length + 8 >> 6) + 1) * 64);
    padded.set(message); padded[message.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(message.length / 0x20000000)); view.setUint32(padded.length - 4, message.length << 3);
    let v = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];
    for (let at = 0; at < padded.length; at += 64) {
      const w = [];
      for (let j = 0; j < 68; j++) {
        if (j < 16) { w[j] = view.getUint32(at + 4 * j); continue; }
        const x = w[j - 16] ^ w[j - 9] ^ rot(w[j - 3], 15);
        w[j] = (x ^ rot(x, 15) ^ rot(x, 23) ^ rot(w[j - 13], 7) ^ w[j - 6]) >>> 0;
      }
      let [a, b, c, d, e, f, g, h] = v;
      for (let j = 0; j < 64; j++) {
        const t = j < 16 ? 0x79cc4519 : 0x7a879d8a;
        const s1 = rot(rot(a, 12) + e + rot(t, j) >>> 0, 7), s2 = s1 ^ rot(a, 12);
        const ff = j < 16 ? a ^ b ^ c : a & b | a & c | b & c, gg = j < 16 ? e ^ f ^ g : e & f | ~e & g;
        const t1 = ff + d + s2 + (w[j] ^ w[j + 4]) >>> 0, t2 = gg + h + s1 + w[j] >>> 0;
        d = c; c = rot(b, 9); b = a; a = t1; h = g; g = rot(f, 19); f = e; e = (t2 ^ rot(t2, 9) ^ rot(t2, 17)) >>> 0;
      }
      v = [a, b, c, d, e, f, g, h].map((x, n) => (x ^ v[n]) >>> 0);
    }
    return v.map(x => x.toString(16).padStart(8, '0')).join('');
  };

  const canon = value => {
    if (value === null || typeof value !== 'object') return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map(canon).join(',')}]`;
    return `{${Object.keys(value).sort().map(key => `${JSON.stringify(key)}:${canon(value[key])}`).join(',')}}`;
  };
  const H = async (algorithm, ...parts) => {
    const all = parts.flatMap(part => {
      if (typeof part !== 'string') throw new Error('格式不对');
      const b = bytes(part), n = new Uint8Array(4);
      new DataView(n.buffer).setUint32(0, b.length);
      return [n, b];
    });
    const joined = new Uint8Array(all.reduce((n, a) => n + a.length, 0));
    all.reduce((at, a) => { joined.set(a, at); return at + a.length; }, 0);
    return algorithm === 'sm3' ? sm3(joined) : hex(new Uint8Array(await crypto.subtle.digest('SHA-256', joined)));
  };
  const alike = (a, b) => canon(a) === canon(b);

  // 逐项核对；say(对不对, 说什么)，一项不对就停
  const verify = async (t, directory, say) => {
    const head = t.header, alg = head.hash, id = head.draw_id, pool = head.pool;
    const sure = (holds, right, wrong) => { say(Boolean(holds), holds ? right : wrong); if (!holds) throw new Error(wrong); };
    sure(head.v === 'draw/1' && ['sha256', 'sm3'].includes(alg), '是draw/1协议的记录', '不是draw/1协议的记录');
    const codes = [...pool, ...head.excluded].map(m => m.h), inside = pool.map(m => m.h);
    sure(alike(inside, [...inside].sort()) && new Set(codes).size === codes.length && head.excluded.every(m => WHY.includes(m.why)),
      `候选池${pool.length}个代号，不入池${head.excluded.length}个，没有重复，都有原因`, '候选池次序不对、有重复或缺原因');
    sure(head.pool_root === await H(alg, 'pool', canon(pool)), '池指纹相符', '池指纹不相符');
    const roles = head.parties.map(p => p.role), ids = new Set(head.parties.map(p => p.id));
    sure(roles.includes('inspector') && roles.length > 1 && new Set(roles).size === roles.length && ids.size === roles.length && alike(Object.keys(t.reveals).sort(), [...roles].sort()),
      `${roles.length}方参加，其中有纪检`, '参加各方不齐，或没有纪检');
    for (const p of head.parties) {
      const promised = await H(alg, 'commit', id, p.role, p.id, head.pool_root, t.reveals[p.role]);
      if (p.commit !== promised) sure(false, '', '公开的随机数不是承诺的那个');
    }
    sure(true, '公开的随机数与事先的承诺相符');
    sure(t.header_hash === await H(alg, 'header', canon(head)), '条件指纹相符', '条件指纹不相符');
    sure(Boolean(head.public?.source) === (t.public_value !== ''), t.public_value ? '公开数值是事先说好的' : '只用各方的随机数', '公开数值缺失，或事先没有说好');
    const seed = await H(alg, 'seed', t.header_hash, ...roles.map(r => t.reveals[r]), t.public_value);
    const group = new Map(pool.map(m => [m.h, m.g])), tickets = {}, seats = [], gone = new Set();
    for (const [s] of head.need) {
      const own = pool.filter(m => m.s.includes(s));
      tickets[s] = (await Promise.all(own.map(async m => [await H(alg, 'ticket', seed, s, m.h), m.h]))).sort((a, b) => a[0] < b[0] ? -1 : 1).map(x => x[1]);
    }
    const lowest = s => {
      const seated = seats.map(x => x[1]).filter(h => h && !gone.has(h)), taken = new Set(seated.map(h => group.get(h)));
      return tickets[s].find(h => !gone.has(h) && !seated.includes(h) && !taken.has(group.get(h))) || '';
    };
    for (const [s, n] of head.need) for (let k = 0; k < n; k++) { seats.push([s, lowest(s)]); if (!seats.at(-1)[1]) sure(false, '', '候选池不够'); }
    for (const skip of t.skips) {
      const seat = seats.find(x => x[1] && x[1] === skip.h);
      if (!seat || !skip.why || skip.by.length !== 2 || skip.by[0] === skip.by[1]) sure(false, '', '递补没有席位、原因或两个人签字');
      gone.add(skip.h); seat[1] = lowest(seat[0]);
    }
    sure(alike(t.panel, seats), `${seats.length}个席位都是号码最小的，递补${t.skips.length}次，每次只动一席`, '席位不是按号码产生的');
    const { header_hash, reveals, public_value, skips, panel } = t;
    sure(t.record_hash === await H(alg, 'record', canon({ header_hash, reveals, public_value, skips, panel })), '记录指纹相符', '记录指纹不相符');
    if (!('opened' in t)) return seats;
    const who = t.opened.who;
    sure(alike(Object.keys(who).sort(), [...codes].sort()), '名单和代号一一对应', '名单和代号对不上');
    for (const [h, [code, employer, salt]] of Object.entries(who)) {
      const own = h === await H(alg, 'member', id, code, employer, salt), firm = !group.has(h) || group.get(h) === await H(alg, 'group', id, employer, t.opened.salt);
      const himself = !employer.startsWith('person:') || employer === `person:${code}`;
      if (!own || !firm || !himself) sure(false, '', `${code}和代号对不上`);
    }
    const names = Object.values(who).map(x => x[0]).sort();
    sure(new Set(names).size === names.length, '没有人列两次', '有人列了两次');
    if (directory) sure(alike([...directory].sort(), names), '在聘专家一个不多，一个不少', '和锁定时在聘的专家对不上');
    return seats;
  };
  if (typeof module !== 'undefined') module.exports = { verify, sm3, H, canon };
  if (typeof document === 'undefined') return;

  const json = async address => { const answer = await fetch(address); if (!answer.ok) throw new Error('没有取到记录'); return answer.json(); };
  document.querySelectorAll('[data-verify]').forEach(box => {
    const start = box.querySelector('[data-verify-start]'), result = box.querySelector('[data-verify-result]');
    if (!window.crypto?.subtle) return;
    const check = async fetched => {
      const list = document.createElement('ol'), end = document.createElement('p');
      list.className = 'line';
      result.replaceChildren(list, end);
      const say = (right, words) => { const li = document.createElement('li'); li.className = right ? 'done' : 'now'; li.textContent = `${right ? '✓' : '✗'} ${words}`; list.append(li); };
      try {
        const [told, directory] = await fetched();
        await verify(told, directory, say);
        end.className = 'note'; end.textContent = '核验通过：这份名单由事先固定的条件和各方的随机数算出，没有改动。';
      } catch (wrong) {
        end.className = 'note bad'; end.textContent = `核验不通过：${wrong.message}`;
      }
    };
    start.hidden = false;
    start.addEventListener('click', () => check(async () => [await json(box.dataset.verify), box.dataset.directory ? await json(box.dataset.directory) : null]));
    const file = box.querySelector('[data-verify-file]');
    if (!file) return;
    file.parentElement.hidden = false;
    file.addEventListener('change', () => file.files.length && check(async () => {
      const told = await file.files[0].text().then(JSON.parse).catch(() => null);
      if (!told?.header?.pool) throw new Error('这不是抽取记录文件');
      return [told, null];
    }));
  });
})();
