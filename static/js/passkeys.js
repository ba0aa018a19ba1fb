// Joins the passkey buttons to django-allauth's webauthn.js. What the browser needs to know stands in the page as
// data (#passkey-data); what goes wrong is told in the page's own words.
"use strict";

(() => {
  const show = (name) => document.querySelectorAll(`[data-passkey-${name}]`).forEach((note) => (note.hidden = false));
  const isAddress = /^[\d.]+$|:/.test(location.hostname); // a passkey belongs to a name, not to a number

  if (!window.isSecureContext || !window.PublicKeyCredential || isAddress) return show("none");

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    show("failed");
  });
  document.querySelectorAll("[data-passkey]").forEach((button) => {
    const credential = button.form.elements.namedItem("credential");
    window.allauth.webauthn.forms[button.dataset.passkey]({
      ids: {
        login: button.id,
        add: button.id,
        authenticate: button.id,
        credential: credential.id,
        passwordless: "passkey-always",
        data: "passkey-data",
      },
    });
    button.hidden = false;
  });
  // Enter in a text box is the button, not an empty form.
  document.querySelectorAll("button[type=button][data-passkey]").forEach((button) => {
    if (button.form.querySelector("input[type=text]")) {
      button.form.addEventListener("submit", (event) => {
        event.preventDefault();
        button.click();
      });
    }
  });
})();
