/* 让自带后台的下拉框、提示图标、删除框有读屏软件能读的名字。下拉框启动得晚，所以用观察器。 */
(() => {
  const name = (selector, text) => document.querySelectorAll(`${selector}:not([aria-label])`).forEach(e => e.setAttribute('aria-label', text));
  const mend = () => {
    for (const select of document.querySelectorAll('select.admin-autocomplete')) {
      const box = select.parentElement.querySelector('[role=combobox]'), label = document.querySelector(`label[for="${select.id}"]`);
      if (!box || !label || box.dataset.named) continue;
      box.dataset.named = '1'; label.id ||= select.id + '_label';
      box.setAttribute('aria-labelledby', label.id + ' ' + (box.getAttribute('aria-labelledby') || ''));
      for (const inner of box.querySelectorAll('[role=textbox]')) { inner.removeAttribute('role'); inner.removeAttribute('aria-readonly'); }
    }
    for (const tip of document.querySelectorAll('.help-tooltip[aria-label]:not([role])')) tip.setAttribute('role', 'img');
    name('td.delete input[type=checkbox]', '删除此行');
    name('input.select-toggle, #action-toggle', '全选');
    for (const cell of document.querySelectorAll('.tabular td[class*="field-"]')) {
      const column = cell.closest('table').querySelector('.column-' + cell.className.match(/field-(\S+)/)[1]);
      for (const control of cell.querySelectorAll('select, textarea, input:not([type=hidden])')) if (!control.labels.length && column) control.setAttribute('aria-label', column.textContent.trim());
    }
    for (const part of document.querySelectorAll('.datetime input:not([aria-label])')) {
      const asked = part.closest('fieldset.flex-container, .form-row, td')?.querySelector('legend, label');
      if (!part.labels.length) part.setAttribute('aria-label', `${asked ? asked.textContent.trim() : ''}${part.matches('.vTimeField') ? '时间' : '日期'}`);
    }
    for (const head of document.querySelectorAll('thead th')) if (!head.textContent.trim() && !head.querySelector('input')) { // 空表头不算表头
      const cell = document.createElement('td'); cell.className = head.className; cell.colSpan = head.colSpan; head.replaceWith(cell);
    }
  };
  new MutationObserver(mend).observe(document.documentElement, { childList: true, subtree: true });
  addEventListener('DOMContentLoaded', mend);
})();
