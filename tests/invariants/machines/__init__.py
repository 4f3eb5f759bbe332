"""Machines that live: any person makes any move of any record at any time, and the database is looked at after each."""
