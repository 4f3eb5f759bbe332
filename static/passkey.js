/* 通行密钥：没有脚本或浏览器不支持时，这些表单不出现，其余登录方式照常可用。需要 webauthn-json.js。 */
(() => {
  if (!window.PublicKeyCredential) return;

  const asked = async form => form.dataset.passkey
    ? JSON.parse(document.getElementById(form.dataset.passkey).textContent)
    : (await fetch(form.action, { headers: { Accept: 'application/json' } })).json();

  const answer = async form => {
    const { request_options, creation_options } = await asked(form);
    if (request_options) return webauthnJSON.get(request_options);
    const alone = form.elements.passwordless?.checked ?? false, wish = creation_options.publicKey.authenticatorSelection;
    wish.residentKey = alone ? 'required' : 'discouraged';
    wish.requireResidentKey = alone;
    if (alone) wish.userVerification = 'required';
    return webauthnJSON.create(creation_options);
  };

  document.querySelectorAll('[data-no-passkey]').forEach(note => { note.hidden = true; });
  document.querySelectorAll('form[data-passkey]').forEach(form => {
    form.hidden = false;
    form.addEventListener('submit', async event => {
      event.preventDefault();
      try {
        form.elements.credential.value = JSON.stringify(await answer(form));
        form.submit();
      } catch {
        form.querySelector('[role="status"]').textContent = '没有完成。可以再试一次，或者换一种方式。';
      }
    });
  });
})();
