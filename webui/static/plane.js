// A sub-process on its own plane: whole at first sight, the way back above what is drawn, never on it.

export function showPlanes(viewer, fit = () => viewer.get("canvas").zoom("fit-viewport", "auto")) {
  const canvas = viewer.get("canvas");
  const container = canvas.getContainer();
  container.after(container.querySelector(".bjs-breadcrumbs"));
  const seen = new Set();
  viewer.get("eventBus").on("root.set", 500, ({ element }) => {
    canvas.resized();
    const opened = element.businessObject;
    if (opened && opened.$instanceOf("bpmn:SubProcess") && !seen.has(element)) {
      seen.add(element);
      fit();
    }
  });
}
