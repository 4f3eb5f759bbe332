"""Files in a form: looked into before anything else is done with them."""

from django import forms
from django.core.exceptions import ValidationError

from expertteam import workbooks
from expertteam.files import examined

ACCEPTED = "image/jpeg,image/png,application/pdf,.docx"
FILES = 5


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to five files, each looked into; the first that cannot be taken is named."""

    widget = SeveralFiles(attrs={"accept": ACCEPTED})

    def clean(self, uploads, initial=None):
        if self.required and not uploads:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > FILES:
            raise ValidationError(f"最多{FILES}个文件，您选了{len(uploads)}个")
        for upload in uploads:
            try:
                examined(upload)
            except ValidationError as reason:
                raise ValidationError(f"{upload.name}：{reason.message}") from reason
        return uploads


class OneFile(forms.FileField):
    """One file, looked into before anything else is done with it."""

    widget = forms.FileInput(attrs={"accept": ACCEPTED})

    def clean(self, upload, initial=None):
        upload = super().clean(upload, initial)
        if upload:
            examined(upload)
        return upload


class SpreadsheetField(forms.FileField):
    """One table; the upload comes back with its ``rows`` of text beside it."""

    widget = forms.FileInput(attrs={"accept": ".xlsx,.csv"})

    def clean(self, upload, initial=None):
        upload = super().clean(upload, initial)
        if upload:
            upload.rows = workbooks.read(upload)
        return upload
