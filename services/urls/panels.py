"""Reviews as the office runs them."""

urlpatterns = []
