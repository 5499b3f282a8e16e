

def test_files_come_back_with_a_backup_and_go_with_their_record(
    town: Town, tmp_path: Path, key_file: Path
) -> None:
    child, _, draft = plan_of(town)
    file = added(town, draft)
    saved(town, draft, {"papers": [file]})
    made = keeping.backup(town.store, tmp_path / "all.backup", town.now)
    again = Store(str(tmp_path / "again" / "trefoil.db"), key_file)
    keeping.restore(made.file, again, now=town.now)
    with again.desk(town.authority, town.people["anna"], now=town.now) as desk:
        assert uploads.read(desk, draft.id, file)[1] == PDF
    again.close()
    with town.desk(None) as desk:
        keeping.destroy(desk, child, "Asked for", early=True)
        assert desk.rows(select(upload)) == [] and desk.rows(select(upload_piece)) == []
