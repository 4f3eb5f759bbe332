"""The doors of evaluation: for clients and everybody, for experts, for the office."""

from evaluations.urls import assessments, dismissals, honours, ledger, ratings, reports

app_name = "evaluations"
urlpatterns = [
    *ratings.urlpatterns,
    *reports.urlpatterns,
    *assessments.urlpatterns,
    *ledger.urlpatterns,
    *dismissals.urlpatterns,
    *honours.urlpatterns,
]
