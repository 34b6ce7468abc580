"""The runner of the public conformance tests, over two small files of our own."""

from engine.tck import run_tck

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">
<inputData id="i" name="n"><variable name="n" typeRef="number"/></inputData>
<decision id="d" name="double"><variable name="double"/><informationRequirement>
<requiredInput href="#i"/></informationRequirement>
<literalExpression><text>n * 2</text></literalExpression></decision>
<decision id="broken" name="broken"><literalExpression><text>1 +</text></literalExpression></decision>
<decision id="c" name="all"><literalExpression><text>{a: [1, 2], b: @"P1D"}</text></literalExpression>
</decision></definitions>"""
TESTS = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><modelName>m.dmn</modelName>
<testCase id="1"><inputNode name="n"><value xsi:type="xsd:decimal">2</value></inputNode>
<resultNode name="double"><expected><value xsi:type="xsd:decimal">4</value></expected></resultNode>
<resultNode name="broken"><expected><value xsi:nil="true"/></expected></resultNode>
<resultNode name="double"><expected><value xsi:type="xsd:decimal">5</value></expected></resultNode>
</testCase>
<testCase id="2"><resultNode name="all"><expected><component name="a"><list>
<item><value xsi:type="xsd:decimal">1</value></item><item><value xsi:type="xsd:decimal">2</value>
</item></list></component><component name="b"><value xsi:type="xsd:duration">P1D</value></component>
</expected></resultNode></testCase></testCases>"""


def kept(folder, tests=TESTS, model=MODEL):
    folder.mkdir()
    (folder / "m.dmn").write_text(model, "utf-8")
    (folder / "m-test-01.xml").write_text(tests, "utf-8")


def test_every_result_is_compared(tmp_path):
    kept(tmp_path / "0001-own")
    results = list(run_tck(tmp_path))
    assert [result.passed for result in results] == [True, True, False, True]
    assert results[2] == ("0001-own/1/double", False, "expected 5, got 4")


def test_what_only_java_can_do_is_left_out(tmp_path):
    kept(tmp_path / "0076-feel-external-java")
    assert list(run_tck(tmp_path)) == []


def test_a_model_that_cannot_be_read_fails_once(tmp_path):
    kept(tmp_path / "0002-own", model="<nothing/>")
    results = list(run_tck(tmp_path))
    assert [(result.case, result.passed) for result in results] == [("0002-own", False)]
