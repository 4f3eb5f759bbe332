/* 抽取页：对方一有动作就刷新；正在填写时不打断。没有脚本时手动刷新即可。 */
(() => {
  const line = document.querySelector('[data-draw-live]');
  if (!line) return;
  const typing = () => [...document.querySelectorAll('main input:not([type=hidden]), main textarea')].some(i => i === document.activeElement || i.value !== i.defaultValue || i.checked !== i.defaultChecked);
  const look = async () => {
    try {
      const answer = await fetch(line.dataset.drawLive, { headers: { Accept: 'application/json' } });
      if (answer.ok && (await answer.json()).state !== line.dataset.state && !typing()) location.reload();
    } catch { /* 断网时下次再看 */ }
  };
  setInterval(() => document.hidden || look(), 4000);
})();
