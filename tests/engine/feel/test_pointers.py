"""JSON pointers over case data: how forms read and write it."""

from decimal import Decimal

import pytest

from engine.feel import FeelError, pointer_get, pointer_set


def test_a_value_is_found_by_its_way():
    data = {"dispute": {"parties": [{"name": "甲"}], "a/b": 1, "~": 2}}
    assert pointer_get(data, "/dispute/parties/0/name") == "甲"
    assert pointer_get(data, "/dispute/a~1b") == 1
    assert pointer_get(data, "/dispute/~0") == 2
    assert pointer_get(data, "") == data


@pytest.mark.parametrize("pointer", ["/x", "/x/y/z", "/list/7", "/list/01", "/list/-", "/text/a"])
def test_where_nothing_stands_there_is_null(pointer):
    assert pointer_get({"list": [1], "text": "a"}, pointer) is None


def test_contexts_are_made_on_the_way():
    data = {"dispute": None}
    pointer_set(data, "/dispute/type", "NEIGHBOUR")
    pointer_set(data, "/agreement/terms/due", Decimal(3))
    assert data == {
        "dispute": {"type": "NEIGHBOUR"},
        "agreement": {"terms": {"due": Decimal(3)}},
    }


def test_lists_take_an_existing_or_the_next_index():
    data = {"list": ["a"]}
    pointer_set(data, "/list/0", "b")
    pointer_set(data, "/list/1", "c")
    pointer_set(data, "/list/-", "d")
    pointer_set(data, "/list/3/name", "e")
    assert data == {"list": ["b", "c", "d", {"name": "e"}]}


@pytest.mark.parametrize("pointer", ["/text/a", "/number/a/b", "/list/9", "/list/x", "text", ""])
def test_a_way_through_a_plain_value_is_refused(pointer):
    data = {"text": "a", "number": Decimal(1), "list": []}
    with pytest.raises(FeelError):
        pointer_set(data, pointer, "x")
    assert data == {"text": "a", "number": Decimal(1), "list": []}


def test_a_new_item_of_a_list_may_be_made_on_the_way():
    data = {"list": []}
    pointer_set(data, "/list/-/name", "a")
    assert data == {"list": [{"name": "a"}]}


def test_what_is_written_is_not_shared():
    parties = [{"name": "甲"}]
    data = {}
    pointer_set(data, "/first", parties)
    pointer_set(data, "/second", parties)
    pointer_set(data, "/first/0/name", "乙")
    assert parties == data["second"] == [{"name": "甲"}]
