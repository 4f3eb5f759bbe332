// 评分表的合计；回避声明里，选了回避才露出理由。没有脚本时由服务器合计，理由一直露着
(() => {
  const marks = [...document.querySelectorAll('[data-mark]')], sum = document.getElementById('sum');
  const cents = each => {
    const typed = each.value.normalize('NFKC').trim();
    const right = /^\d+(\.\d{0,2})?$/.test(typed) && Number(typed) <= Number(each.dataset.mark);
    return right ? Math.round(Number(typed) * 100) : 0;
  };
  const add = () => sum.textContent = (marks.reduce((total, each) => total + cents(each), 0) / 100).toFixed(2);
  if (sum) { marks.forEach(each => each.addEventListener('input', add)); add(); }

  document.querySelectorAll('[data-reason]').forEach(reason => {
    const block = reason.parentElement;
    const show = () => reason.hidden = !block.querySelector('[value="yes"]:checked') && !reason.querySelector('.bad');
    block.addEventListener('change', show); show();
  });
})();
