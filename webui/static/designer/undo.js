// Ctrl+Z beside the fields: takes back the last save, whichever files it touched, once the canvas has nothing to undo.
document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !["z", "y"].includes(key)) { return; }
  if (event.target.closest("input, textarea, select, [contenteditable]")) { return; }
  const again = key === "y" || event.shiftKey;
  const stack = window.designer && window.designer.modeler.get("commandStack");
  const button = document.querySelector(again ? "[data-redo-save]" : "[data-undo-save]");
  if (!button || (stack && (again ? stack.canRedo() : stack.canUndo()))) { return; }
  event.preventDefault();
  event.stopPropagation();
  button.click();
}, true); // before the canvas takes the key itself
