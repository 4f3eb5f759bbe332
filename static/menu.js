/* 增强：横着排不下的菜单和标签，打开时所在的一项就在中间。没有脚本时可以自己横着滑。 */
for (const row of document.querySelectorAll('.side ul, .tabs')) {
  const here = row.querySelector('[aria-current="page"]');
  if (here) row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}
