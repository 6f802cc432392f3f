"""Small catalogues for tests, written as PO files."""

from pathlib import Path

from config.catalogue import plural_rule
from config.texts import Texts

Forms = str | tuple[str, ...]


def header(language: str) -> str:
    """The header a right catalogue of that language has."""
    rule = plural_rule(language)
    return (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Plural-Forms: nplurals={rule.forms}; plural={rule.expression};\\n"\n'
    )


def entry(key: str, forms: Forms, comment: str = "") -> str:
    """One text, or one for each plural form."""
    lines = [comment] if comment else []
    lines.append(f'msgid "{key}"')
    if isinstance(forms, str):
        lines.append(f"msgstr {_quoted(forms)}")
    else:
        lines.append(f'msgid_plural "{key}"')
        lines += [f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(forms)]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def written(folder: Path, language: str, *entries: str) -> Path:
    """A catalogue with its header, as a file."""
    path = folder / f"{language}.po"
    path.write_text("\n".join([header(language), *entries]), encoding="utf-8")
    return path


def texts(folder: Path, **catalogues: dict[str, Forms]) -> Texts:
    """Catalogues by language, such as `en={"a.b": "words"}`."""
    for language, table in catalogues.items():
        written(folder, language.replace("_", "-"), *(entry(key, forms) for key, forms in table.items()))
    return Texts.load(folder)
