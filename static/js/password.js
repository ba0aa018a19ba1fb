// A button that shows what was typed into a password box. Without this file the box stays as it is.
"use strict";

document.querySelectorAll("[data-show-password]").forEach((button) => {
  const inputs = Array.from(button.form.querySelectorAll("input[type=password]"));
  const words = [button.textContent, button.dataset.hide];
  let shown = false;
  const turn = (show) => {
    shown = show;
    inputs.forEach((input) => (input.type = shown ? "text" : "password"));
    button.textContent = words[Number(shown)];
  };
  button.hidden = false;
  button.addEventListener("click", () => turn(!shown));
  button.form.addEventListener("submit", () => turn(false)); // so that browsers know it for a password
});
