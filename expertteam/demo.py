"""The demo's clock and its outbox; these doors exist only in the demo."""

urlpatterns = []
