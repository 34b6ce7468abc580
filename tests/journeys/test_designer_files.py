"""Files go through the designer's canvas and come out as they were: ours, others', and its own build."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from lxml import etree

from engine.importing import adopt
from tests.journeys.test_designer import meaning
from webui.assets import FRONTEND, VENDOR
from webui.assets import main as build_assets
from webui.wiring import bundled

FOREIGN = Path(__file__).with_name("foreign.bpmn").read_text("utf-8")
"""What Camunda and Signavio write, and a list in FEEL where BPMN has a reference."""
ROUND = """async ([xml, mark]) => {
  const { modeler } = designer;
  await modeler.importXML(xml);
  const all = modeler.get("elementRegistry").filter((one) => !one.labelTarget);
  all.forEach((one) => modeler.get("selection").select(one));
  const changed = modeler.get("commandStack").canUndo();
  if (mark) {
    modeler.get("modeling").moveShape(modeler.get("elementRegistry").get(mark), { x: 0, y: 40 });
  }
  return { changed, xml: (await modeler.saveXML({ format: true })).xml };
}"""


def test_looking_at_every_element_of_every_diagram_changes_none(bench):
    one = bench()
    for name, files in bundled().items():
        told = one.page.evaluate(ROUND, [files["process.bpmn"].decode(), ""])
        assert not told["changed"], name
        assert meaning(told["xml"].encode()) == meaning(files["process.bpmn"]), name
    assert not one.page.evaluate("[...designer.missing]")
    assert not one.errors


def test_what_others_wrote_into_a_file_stays_when_a_shape_is_moved(bench):
    told = bench().page.evaluate(ROUND, [FOREIGN, "work"])
    moved = ("begin", "work", "go")
    assert meaning(told["xml"].encode(), moved) == meaning(FOREIGN.encode(), moved)
    assert meaning(told["xml"].encode()) != meaning(FOREIGN.encode())


def test_files_of_other_tools_open_without_a_word_and_nothing_of_theirs_is_lost(bench):
    one = bench()
    for path in sorted((Path(__file__).parents[1] / "engine" / "wild").glob("*.bpmn")):
        came = adopt(path.read_bytes())
        told = one.page.evaluate(ROUND, [came.decode("utf-8"), ""])
        assert not told["changed"], path.name
        ids = [
            {el.get("id") for el in etree.fromstring(xml).iter("{*}*")}
            for xml in (came, told["xml"].encode())
        ]
        assert ids[0] <= ids[1], path.name
    assert not one.errors


def test_building_again_gives_the_same_bytes(tmp_path):
    assert build_assets() == 0
    subprocess.run(["node", "build.mjs", tmp_path], cwd=FRONTEND, check=True, env=_with_node())
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert built == {name: (VENDOR / name).read_bytes() for name in built}
    assert {"designer.js", "designer.css", "viewer.js"} <= set(built)


def _with_node():
    beside = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": os.pathsep.join([os.environ.get("PATH", ""), beside])}
