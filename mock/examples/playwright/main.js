// SPDX-License-Identifier: Apache-2.0

const [phone, code] = document.forms;
const status = document.querySelector('[role=status]');
let otpRequestId;

/** Asks the shop's own server, which knows the credentials; in development that is a proxy of Vite, see vite.config.js. */
async function ask(path, body) {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: response.status, ...await response.json() };
}

function told({ status: code, error }) {
  if (code === 429) {
    return 'Too many tries. Wait a minute.';
  }
  return error.details?.reason === 'expired' ? 'Your code is too old.'
    : error.details?.reason === 'invalid_code' ? `That is not the code. ${error.details.attemptsRemaining} tries left.`
    : 'That does not work. Check the number.';
}

phone.addEventListener('submit', async event => {
  event.preventDefault();
  const sent = await ask('/otp/send', { phoneNumber: phone.elements.phoneNumber.value });
  otpRequestId = sent.data?.id;
  code.hidden = !otpRequestId;
  status.textContent = otpRequestId ? 'We have sent you a code.' : told(sent);
});

code.addEventListener('submit', async event => {
  event.preventDefault();
  const verified = await ask('/otp/verify', { otpRequestId, code: code.elements.code.value });
  status.textContent = verified.data ? 'Welcome!' : told(verified);
});
