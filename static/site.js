/* 全部是增强：没有脚本时，每个功能都有普通链接或整页提交可用。无内联脚本、无内联样式，兼容严格 CSP。 */
(() => {
  const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
  const field = a => document.getElementById(a.hash.slice(1));

  document.addEventListener('click', e => {
    const b = e.target.closest('[data-cite], [data-open], [data-close], [data-print], .errs a');
    if (!b) return;
    if (b.dataset.cite) { // 条文引用：打开本页已有的浮层，关闭后焦点回到引用处
      const p = document.getElementById('cite-' + b.dataset.cite);
      if (p?.showPopover) { e.preventDefault(); p.showPopover(); p.tabIndex = -1; p.focus(); p.addEventListener('toggle', v => v.newState === 'closed' && b.focus(), { once: true }); }
    } else if (b.dataset.open) {
      const d = document.getElementById(b.dataset.open);
      if (d?.showModal) { e.preventDefault(); d.showModal(); }
    } else if ('close' in b.dataset) {
      const d = b.closest('dialog');
      if (d) { e.preventDefault(); d.close(); }
    } else if ('print' in b.dataset) print();
    else if (field(b)) { // 出错汇总里的链接：连同题目一起露出来
      const t = field(b), c = t.matches('input, select, textarea') ? t : $('input, select, textarea', t) || t;
      e.preventDefault(); (t.closest('.f') || t).scrollIntoView({ block: 'start' }); c.focus({ preventScroll: true });
    }
  });

  // 出错汇总：载入后移入焦点
  $('.errs')?.focus();

  // 打印按钮没有脚本就不出现
  $$('[data-print]').forEach(b => b.hidden = false);

  // 字数提示：只在停顿后播报
  $$('textarea[maxlength]').forEach(t => {
    const o = document.getElementById(t.id + '_count'); if (!o) return;
    let h; const say = () => { const n = t.maxLength - t.value.length; o.textContent = `还可以写${n}字`; };
    o.setAttribute('aria-live', 'polite'); t.addEventListener('input', () => { clearTimeout(h); h = setTimeout(say, 400); }); say();
  });

  // 打印前展开折叠内容
  addEventListener('beforeprint', () => $$('details').forEach(d => d.open = true));
})();
