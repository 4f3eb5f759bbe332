// 名录：只换结果。没有脚本时是普通表单和链接
(() => {
  const $ = id => document.getElementById(id), found = $('found'), res = $('res'), failed = $('failed');
  let turn = 0, shown = location.search, said = res.textContent;
  const load = async (url, from = found) => {
    const mine = ++turn;
    found.ariaBusy = from.ariaBusy = failed.hidden = true; res.textContent = '正在更新';
    try {
      const page = new DOMParser().parseFromString(await (await fetch(url)).text(), 'text/html');
      if (mine !== turn) return;
      for (const id of ['filters', 'found']) $(id).replaceChildren(...page.getElementById(id).childNodes);
      said = page.getElementById('res').textContent; document.title = page.title;
      if (from !== found) history.pushState(null, '', url);
      shown = location.search;
    } catch { // 断网，或回来的不是名录
      if (mine !== turn) return;
      failed.hidden = false; failed.lastChild.href = url;
    }
    found.ariaBusy = from.ariaBusy = null; res.textContent = said; res.focus();
  };
  $('filters').addEventListener('submit', e => {
    e.preventDefault(); load('?' + new URLSearchParams([...new FormData(e.target)].filter(v => v[1])), e.submitter);
  });
  found.parentNode.addEventListener('click', e => {
    const a = e.target.closest('a');
    if (a?.pathname === location.pathname && !e.ctrlKey && !e.metaKey && !e.shiftKey) { e.preventDefault(); load(a.href, a); }
  });
  addEventListener('popstate', () => location.search !== shown && load(location.href));
})();
