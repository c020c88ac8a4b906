"use strict";
// Whoever picks a colour does not mean "none".
document.addEventListener("input", (event) => {
  const box = event.target.closest(".shopkit-colour");
  if (box && event.target.type === "color") {
    box.querySelector("input[type=checkbox]").checked = false;
  }
});
