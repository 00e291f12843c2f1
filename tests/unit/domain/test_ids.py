from boxwright.domain.ids import is_id, new_id


def test_ids_are_uuid_version_7_unique_and_sorted_by_time() -> None:
    ids = [new_id() for _ in range(2000)]
    assert len(set(ids)) == len(ids)
    assert all(is_id(item) and item[14] == "7" and item[19] in "89ab" for item in ids)
    assert [item[:13] for item in ids] == sorted(item[:13] for item in ids)


def test_other_spellings_are_no_ids() -> None:
    assert not is_id(new_id().upper().replace("0", "A"))
    assert not is_id("../../etc/passwd")
    assert not is_id(new_id() + "\n")
