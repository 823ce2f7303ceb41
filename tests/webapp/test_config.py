"""Settings: read once, refused when unsafe."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from webapp.config import SettingsRefused, settings_from_environment, stored_secret_key


def test_without_a_secret_nothing_starts(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="No secret"):
        settings_from_environment({"PHANBO_INSTANCE": str(tmp_path)})


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="32"):
        settings_from_environment({"PHANBO_INSTANCE": str(tmp_path), "PHANBO_SECRET_KEY": "dev"})


def test_a_stored_secret_is_random_private_and_stays(tmp_path: Path) -> None:
    first = stored_secret_key(tmp_path / "one")
    assert stored_secret_key(tmp_path / "one") == first
    assert stored_secret_key(tmp_path / "two") != first
    assert stat.S_IMODE((tmp_path / "one" / "secret-key").stat().st_mode) == 0o600
    assert settings_from_environment({"PHANBO_INSTANCE": str(tmp_path / "one")}).secret_key == first


def test_all_settings_are_read(tmp_path: Path) -> None:
    settings = settings_from_environment(
        {
            "PHANBO_INSTANCE": str(tmp_path),
            "PHANBO_SECRET_KEY": "k" * 32,
            "DATABASE_URL": "postgresql+psycopg://db/phanbo",
            "PHANBO_PROVINCE_NAME": " tỉnh A ",
            "PHANBO_HTTPS": "1",
            "PHANBO_PROXIES": "2",
            "PHANBO_UPLOAD_MEGABYTES": "5",
            "PHANBO_LARGE_WORKBOOKS": "SKHDT, STC,",
        }
    )
    assert settings.database_url == "postgresql+psycopg://db/phanbo"
    assert settings.province_name == "tỉnh A"
    assert settings.is_https
    assert settings.trusted_proxies == 2
    assert settings.upload_megabytes == 5
    assert settings.large_workbook_agencies == {"SKHDT", "STC"}


def test_the_store_is_sqlite_in_the_folder_unless_named(tmp_path: Path) -> None:
    settings = settings_from_environment({"PHANBO_INSTANCE": str(tmp_path), "PHANBO_SECRET_KEY": "k" * 32})
    assert settings.database_url == f"sqlite:///{tmp_path / 'phanbo.sqlite3'}"


def test_a_number_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="PHANBO_PROXIES"):
        settings_from_environment(
            {"PHANBO_INSTANCE": str(tmp_path), "PHANBO_SECRET_KEY": "k" * 32, "PHANBO_PROXIES": "-1"}
        )
