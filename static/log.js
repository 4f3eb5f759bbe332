// 记一笔：改动随时存到服务器（这台设备不留）。没有脚本时用“存草稿”按钮
(() => {
  const form = document.querySelector('[data-draft]'), told = document.getElementById('kept');
  const away = '还没上传，有网时再点一次保存';
  let timer, busy, again, sent;
  const keep = async () => {
    if (busy) { again = true; return; }
    busy = true; again = false;
    try {
      const answer = await fetch(form.dataset.draft, { method: 'POST', body: new FormData(form), headers: { Accept: 'application/json' } });
      const words = (await answer.json()).said;
      if (!sent) told.textContent = words;
    } catch { // 断网，或登录已过期
      if (!sent) told.textContent = away;
    }
    busy = false;
    if (again && !sent) keep();
  };
  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(keep, 800); });
  form.addEventListener('submit', e => {
    clearTimeout(timer);
    if (navigator.onLine) { sent = true; return; }
    e.preventDefault(); told.textContent = away;
  });
  addEventListener('pageshow', () => sent = false);
  addEventListener('online', keep);
})();
