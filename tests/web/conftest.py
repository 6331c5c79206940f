from __future__ import annotations

import pytest
from django.test import Client
from tests.building import account_of


@pytest.fixture(autouse=True)
def _plain_static_files(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def as_():
    """A browser signed in as somebody in a post."""

    def signed_in(acting) -> Client:
        client = Client()
        client.force_login(account_of(acting))
        return client

    return signed_in
