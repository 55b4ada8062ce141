"""Tiny random encoders and invented gold for the tests of training."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForTokenClassification

from pipeline.encoder._hf import WordPieces, write_classifier
from pipeline.note import Span
from pipeline.resources import data_path
from pipeline.train.fine_tuning import CLASSES

PIECES = WordPieces(Tokenizer.from_file(str(data_path("models", "bert") / "tokenizer.json")))
_MARKED = re.compile(r"\{(\w+) ([^}]*)\}")


def marked(text: str) -> tuple[str, list[Span]]:
    """Read a text with mentions in braces: ``Has {DISEASE gout}.``"""
    plain = ""
    spans: list[Span] = []
    end = 0
    for match in _MARKED.finditer(text):
        plain += text[end : match.start()]
        spans.append(Span(len(plain), len(plain) + len(match[2]), match[1]))
        plain += match[2]
        end = match.end()
    return plain + text[end:], spans


def write_gold(path: Path, documents: Iterable[tuple[str, str]]) -> Path:
    """Write ids and marked texts as JSON lines."""
    rows = []
    for name, text in documents:
        plain, spans = marked(text)
        entities = [{"start": s.start, "end": s.end, "label": s.label} for s in spans]
        rows.append(json.dumps({"note_id": name, "text": plain, "entities": entities}))
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def write_notes(path: Path, notes: Iterable[tuple[object, str | None]]) -> Path:
    """Write ids and texts as notes without gold."""
    ids, texts = zip(*notes, strict=True)
    pq.write_table(pa.table({"note_id": ids, "text": texts}), path)
    return path


def write_encoder(
    folder: Path,
    *,
    classes: Sequence[str] = CLASSES,
    pieces: WordPieces = PIECES,
    size: int = 32,
    heads: int = 2,
    seed: int = 0,
) -> Path:
    """Write a random BERT of two layers with a head for the classes."""
    torch.manual_seed(seed)
    config = BertConfig(vocab_size=len(pieces.vocabulary), hidden_size=size, num_hidden_layers=2,
                        num_attention_heads=heads, intermediate_size=4 * size,
                        id2label=dict(enumerate(classes)))  # fmt: skip
    write_classifier(BertForTokenClassification(config), pieces, folder)
    return folder
