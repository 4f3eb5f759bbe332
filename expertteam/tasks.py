"""Periodic work of the cellar."""

from celery import shared_task

from expertteam import notify


@shared_task
def deliver():
    """Every minute, and after every message: hand over what is due."""
    notify.deliver_pending()
