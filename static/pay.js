/* 增强：按钮上写出所选几笔，勾选时跟着变。没有脚本时，所选几笔以提交后的页面为准。 */
(() => {
  const form = document.querySelector('[data-choose]'), out = form?.querySelector('[data-count]');
  if (!out) return;
  const boxes = [...form.querySelectorAll('input.tick')], ticked = () => boxes.filter(box => box.checked).length;
  const elsewhere = out.dataset.base - boxes.filter(box => box.defaultChecked).length;
  const write = () => { out.textContent = `${elsewhere + ticked()}笔`; out.hidden = false; };
  form.addEventListener('change', write);
  write();
})();
