/* Questions to the listener, each in a dialog of its own that goes when it is answered. */
(() => {
  "use strict";
  const { make } = window.spotistream;

  let number = 0;

  const button = (text, attributes = {}) => make("button", { type: "button", class: "button", ...attributes }, text);

  /** Show a dialog with these parts; resolves with what `close` of the dialog was given, undefined where it was left. */
  function show(heading, parts, buttons) {
    const id = `dialog-${(number += 1)}`;
    const dialog = make("dialog", { class: "who ask", "aria-labelledby": id }, make("h2", { id }, heading));
    dialog.append(...parts, make("div", { class: "dialog-buttons" }, ...buttons));
    document.body.append(dialog);
    let answer;
    const done = (value) => {
      answer = value;
      dialog.close();
    };
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-cancel]")) dialog.close();
    });
    const answered = new Promise((resolve) =>
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve(answer);
      }),
    );
    dialog.showModal();
    return { dialog, done, answered };
  }

  const cancel = (text = "Cancel") => button(text, { class: "button quiet", "data-cancel": "" });

  /** A name, or undefined. */
  function name(heading, value, label) {
    const input = make("input", { type: "text", maxlength: 100, autocomplete: "off", "aria-label": "Name", class: "ask-input" });
    const ok = button(label);
    input.value = value;
    const { done, answered } = show(heading, [input], [cancel(), ok]);
    const take = () => (input.value.trim() ? done(input.value.trim()) : input.focus());
    ok.addEventListener("click", take);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); /* else the key would press what has the focus when the dialog is gone */
      take();
    });
    input.focus();
    input.select();
    return answered;
  }

  /** True where the listener is sure. */
  function sure(heading, text, label) {
    const ok = button(label, { class: "button danger" });
    const { done, answered } = show(heading, [make("p", {}, text)], [cancel("Keep it"), ok]);
    ok.addEventListener("click", () => done(true));
    return answered;
  }

  /** One of `choices` ({value, text, note}), or undefined. */
  function choose(heading, choices) {
    const list = make("div", { class: "ask-list" });
    const { done, answered } = show(heading, [list], [cancel()]);
    choices.forEach(({ value, text, note }) => {
      const choice = make("button", { type: "button", class: "ask-choice" }, make("span", {}, text), note && make("span", { class: "badge" }, note));
      choice.addEventListener("click", () => done(value));
      list.append(choice);
    });
    list.firstElementChild.focus();
    return answered;
  }

  /** Something to read; true where the way on was taken. */
  function tell(heading, parts, label) {
    const ok = label && button(label);
    const { done, answered } = show(heading, parts, [cancel("Close"), ...(ok ? [ok] : [])]);
    ok?.addEventListener("click", () => done(true));
    return answered;
  }

  window.spotistream.dialogs = { name, sure, choose, tell };
})();
