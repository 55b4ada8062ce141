"""A classifier whose reasons are known: planted words make ``asthma`` a disease, or don't."""

from __future__ import annotations

from typing import Any

import torch
from tokenizers import Tokenizer

from pipeline.encoder._hf import TokenClassifier, WordPieces
from pipeline.extract.bert import BertAnnotator
from pipeline.extract.bio import Scheme
from pipeline.resources import data_path

CLASSES = ("O", "B-DISEASE", "I-DISEASE", "B-SYMPTOM", "I-SYMPTOM", "B-TREATMENT", "I-TREATMENT")

CUES = {"asthma": (4.0, 0.0), "cough": (0.0, 3.0), "denies": (0.0, -1.0), "xyzzy": (0.0, 0.5)}
"""Word → what each piece adds to B-DISEASE at its own place, and at every place."""


def word_pieces() -> WordPieces:
    path = data_path("models", "bert") / "tokenizer.json"
    return WordPieces(Tokenizer.from_file(str(path)))


class PlantedModel(torch.nn.Module):
    """B-DISEASE has the cues' sum as its logit, O has 3, all other classes 0."""

    def __init__(self, pieces: WordPieces) -> None:
        super().__init__()
        self._embeddings = torch.nn.Embedding(30522, 2)
        torch.nn.init.zeros_(self._embeddings.weight)
        with torch.no_grad():
            for word, cue in CUES.items():
                for piece in pieces.encode([word], 9)[word]:
                    self._embeddings.weight[piece] = torch.tensor(cue)

    def get_input_embeddings(self) -> torch.nn.Embedding:
        return self._embeddings

    def forward(
        self,
        input_ids: torch.Tensor | None = None,
        inputs_embeds: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        token_type_ids: torch.Tensor | None = None,
    ) -> Any:
        if inputs_embeds is None:
            assert input_ids is not None
            inputs_embeds = self._embeddings(input_ids)
        disease = inputs_embeds[..., 0] + inputs_embeds[..., 1].sum(dim=1, keepdim=True)
        zero = torch.zeros_like(disease)
        classes = [zero + 3, disease, *[zero] * 5]
        return type("Output", (), {"logits": torch.stack(classes, dim=-1)})


def planted(window: int = 126, classes: tuple[str, ...] = CLASSES) -> BertAnnotator:
    """Make an annotator of the planted model."""
    pieces = word_pieces()
    model = PlantedModel(pieces)
    classifier = TokenClassifier(model, pieces, classes, window + 2, torch.device("cpu"))
    return BertAnnotator(classifier, Scheme(classes), window, 1)
