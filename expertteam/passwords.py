"""What is said of a password that will not do."""

from django.contrib.auth.password_validation import MinimumLengthValidator


class LongEnough(MinimumLengthValidator):
    """Django's own check, in words that its Chinese catalogue lacks."""

    def get_error_message(self):
        return f"密码太短，至少要{self.min_length}个字符"

    def get_help_text(self):
        return f"至少{self.min_length}个字符"
