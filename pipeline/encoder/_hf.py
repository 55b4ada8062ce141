"""Everything that touches transformers and tokenizers: loading, word pieces, export."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import save
from tokenizers import Tokenizer

from pipeline.errors import SetupError, StageError

_FILES = ("config.json", "tokenizer.json", "model.safetensors")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


class WordPieces:
    """Word pieces of single words; WordPiece never looks past a word, so this is exact.

    Attributes:
        cls: Id of the piece that opens a window.
        sep: Id of the piece that closes a window.
        pad: Id of the piece that fills a batch.
        mask: Id of the piece that hides another.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        tokenizer.encode_special_tokens = True  # "[SEP]" in a note is text, not a command
        self._tokenizer = tokenizer
        self.cls, self.sep, self.pad, self.mask = (
            self._id(piece) for piece in ("[CLS]", "[SEP]", "[PAD]", "[MASK]")
        )

    def _id(self, piece: str) -> int:
        found: int | None = self._tokenizer.token_to_id(piece)
        if found is None:
            raise SetupError(
                f"the encoder's tokenizer has no {piece}: give a BERT with a WordPiece vocabulary"
            )
        return found

    @property
    def vocabulary(self) -> dict[str, int]:
        """Piece to id."""
        return dict(self._tokenizer.get_vocab())

    def encode(self, words: Iterable[str], limit: int) -> dict[str, tuple[int, ...]]:
        """Return the ids of each distinct word, at most ``limit`` of them.

        A word that the vocabulary's normalizer removes, such as a control character, has none.
        """
        distinct = list(dict.fromkeys(words))
        encoded = self._tokenizer.encode_batch(
            [_LONE_SURROGATE.sub("\ufffd", word) for word in distinct],  # which it can't encode
            add_special_tokens=False,
        )
        return {word: tuple(item.ids[:limit]) for word, item in zip(distinct, encoded, strict=True)}

    def write(self, folder: Path) -> None:
        """Write ``tokenizer.json`` and ``tokenizer_config.json`` into a folder."""
        self._tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        config = {"tokenizer_class": "BertTokenizerFast", "model_max_length": 512}
        (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")


@dataclass(frozen=True, slots=True)
class TokenClassifier:
    """A BERT with a token classification head, its word pieces and its labels."""

    model: Any
    pieces: WordPieces
    labels: tuple[str, ...]
    max_pieces: int
    device: torch.device

    @property
    def n_types(self) -> int:
        """The number of token types."""
        return int(self.model.config.type_vocab_size)

    def probabilities(
        self,
        windows: Sequence[Sequence[int]],
        types: Sequence[Sequence[int]],
        autocast: torch.dtype | None = None,
    ) -> list[NDArray[np.float32]]:
        """Classify the pieces of windows, padded to the longest.

        Args:
            windows: Ids of each window, with the opening and closing piece.
            types: The token type of each of its pieces.
            autocast: The type to compute in; None is the weights' own, float32.

        Returns:
            For each window an array of shape (pieces, labels).

        Raises:
            StageError: The model computed something that is no number.
        """
        return [row for row, _ in self.encode(windows, types, autocast)]

    def encode(
        self,
        windows: Sequence[Sequence[int]],
        types: Sequence[Sequence[int]],
        autocast: torch.dtype | None = None,
        depth: int | None = None,
    ) -> list[tuple[NDArray[np.float32], torch.Tensor | None]]:
        """Classify the pieces of windows, and keep what a layer made of them.

        Args:
            windows: Ids of each window, with the opening and closing piece.
            types: The token type of each of its pieces.
            autocast: The type to compute in; None is the weights' own, float32.
            depth: The layer whose states are kept, 0 for the embeddings; None keeps none.

        Returns:
            For each window its class probabilities, shape (pieces, labels), and the states, shape
            (pieces, width), float16, on the CPU.

        Raises:
            StageError: The model computed something that is no number.
        """
        ids, attention = pad(windows, self.pieces.pad)
        kinds, _ = pad(types, 0)
        mask = None if bool(attention.all()) else attention.to(self.device)
        with (
            torch.inference_mode(),
            torch.autocast(self.device.type, dtype=autocast, enabled=autocast is not None),
        ):
            read = self.model(
                input_ids=ids.to(self.device),
                attention_mask=mask,
                token_type_ids=kinds.to(self.device),
                **({} if depth is None else {"output_hidden_states": True}),
            )
        array = torch.softmax(read.logits.float(), dim=-1).cpu().numpy()
        states = None if depth is None else read.hidden_states[depth].half().cpu()
        finite = np.isfinite(array).all() and (states is None or bool(states.isfinite().all()))
        if not finite:  # compared with a threshold, it would find nothing
            raise StageError(
                "the BERT classifier computed no probabilities: its weights are damaged, or too"
                " large for the device's half precision; run on the CPU or train it anew"
            )
        return [
            (array[row, : len(window)], None if states is None else states[row, : len(window)])
            for row, window in enumerate(windows)
        ]


def lower_states(
    model: Any, ids: torch.Tensor, attention: torch.Tensor, types: torch.Tensor, depth: int
) -> torch.Tensor:
    """Compute what the lowest layers of a classifier make of windows.

    Args:
        model: A token classifier.
        ids: Ids, shape (windows, pieces).
        attention: 1 where a piece is, 0 in padding; the same shape.
        types: Token types; the same shape.
        depth: How many layers; 0 gives the embeddings.

    Returns:
        Shape (windows, pieces, width).
    """
    base = model.base_model
    states: torch.Tensor = base.embeddings(input_ids=ids, token_type_ids=types)
    closed = torch.finfo(states.dtype).min
    mask = (attention == 0)[:, None, None, :].to(states.dtype) * closed
    for layer in base.encoder.layer[:depth]:
        states = layer(states, attention_mask=mask)
    return states


def layer_weights(model: Any, place: int) -> dict[str, torch.Tensor]:
    """Return copies of a layer's weights under the names of ``torch.nn.TransformerEncoderLayer``.

    Args:
        model: A token classifier.
        place: The layer, from 0.
    """
    layer = model.base_model.encoder.layer[place]
    heads, attended = layer.attention.self, layer.attention.output
    parts = {
        "self_attn.out_proj": attended.dense,
        "norm1": attended.LayerNorm,
        "linear1": layer.intermediate.dense,
        "linear2": layer.output.dense,
        "norm2": layer.output.LayerNorm,
    }
    weights = {
        f"{name}.{kind}": getattr(part, kind)
        for name, part in parts.items()
        for kind in ("weight", "bias")
    }
    for kind in ("weight", "bias"):
        inputs = [getattr(part, kind) for part in (heads.query, heads.key, heads.value)]
        weights[f"self_attn.in_proj_{kind}"] = torch.cat(inputs)
    return {name: tensor.detach().clone() for name, tensor in weights.items()}


def pad(windows: Sequence[Sequence[int]], filler: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Lay windows of ids side by side.

    Returns:
        Ids and the attention mask, both of shape (windows, longest window), int64.
    """
    width = max(len(window) for window in windows)
    ids = torch.full((len(windows), width), filler, dtype=torch.int64)
    attention = torch.zeros((len(windows), width), dtype=torch.int64)
    for row, window in enumerate(windows):
        ids[row, : len(window)] = torch.tensor(window, dtype=torch.int64)
        attention[row, : len(window)] = 1
    return ids, attention


def load_classifier(folder: Path, device: torch.device) -> TokenClassifier:
    """Load a fine-tuned token classifier for inference.

    Args:
        folder: Holds ``config.json``, ``tokenizer.json`` and ``model.safetensors``.
        device: Where it will compute.

    Raises:
        SetupError: The folder lacks a file or holds another kind of model.
    """
    absent = [name for name in _FILES if not (folder / name).is_file()]
    if absent:
        raise SetupError(
            f"the BERT folder {folder} lacks {', '.join(absent)}: train one with"
            " `chartsift train bert`, or give another folder"
        )
    model, tokenizer, absent = _load(folder)
    if absent:
        raise SetupError(
            f"the weights in {folder} lack {len(absent)} tensors of a token classifier: train one"
            " with `chartsift train bert`, or give another folder"
        )
    model.to(device).eval()
    labels = tuple(model.config.id2label[index] for index in sorted(model.config.id2label))
    limit = int(model.config.max_position_embeddings)
    return TokenClassifier(model, WordPieces(tokenizer), labels, limit, device)


def load_encoder(encoder: Path | str, labels: Sequence[str]) -> tuple[Any, WordPieces]:
    """Load a BERT encoder in float32 with a token classification head for these labels.

    The head is random where the encoder brings none.

    Args:
        encoder: A folder, or a name on the Hugging Face hub.
        labels: Names of the classes, in the order of the head's outputs.

    Returns:
        The model, on the CPU, and its word pieces.

    Raises:
        SetupError: There is no such encoder, or it doesn't use WordPiece.
    """
    model, tokenizer, _ = _load(
        encoder,
        id2label=dict(enumerate(labels)),
        label2id={label: index for index, label in enumerate(labels)},
    )
    return model, WordPieces(tokenizer)


def _load(encoder: Path | str, **config: Any) -> tuple[Any, Tokenizer, list[str]]:
    """Load a model in float32, its tokenizer, and the names of tensors that it lacked."""
    from transformers import AutoModelForTokenClassification, AutoTokenizer
    from transformers.utils import logging

    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    model = tokenizer = None
    report: dict[str, Any] = {}
    try:
        model, report = AutoModelForTokenClassification.from_pretrained(
            str(encoder),
            dtype=torch.float32,
            local_files_only=Path(encoder).is_dir(),
            output_loading_info=True,
            **config,
        )
        if (Path(encoder) / "tokenizer.json").is_file():
            tokenizer = Tokenizer.from_file(str(Path(encoder) / "tokenizer.json"))
        else:
            tokenizer = AutoTokenizer.from_pretrained(str(encoder)).backend_tokenizer
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError):
        model = None
    finally:
        logging.set_verbosity(verbosity)
        logging.enable_progress_bar()
    if model is None or tokenizer is None:
        raise SetupError(
            f"the encoder {str(encoder)!r} can't be loaded as a BERT token classifier: give a"
            " folder with config.json, tokenizer.json and model.safetensors"
        )
    if type(tokenizer.model).__name__ != "WordPiece":
        raise SetupError(
            f"the encoder {str(encoder)!r} uses {type(tokenizer.model).__name__} pieces;"
            " give one with a WordPiece vocabulary"
        )
    return model, tokenizer, sorted(report.get("missing_keys", ()))


def write_classifier(model: Any, pieces: WordPieces, folder: Path) -> None:
    """Write a model's configuration, word pieces and weights (float16 safetensors).

    Each file is written beside and renamed, the weights last.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pieces.write(folder)
    config = model.config.to_dict()
    for private in [key for key in config if key.startswith("_")]:
        del config[private]
    config["architectures"] = [type(model).__name__]
    config["dtype"] = "float16"
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    weights = {
        name: tensor.detach().to("cpu", torch.float16).contiguous()
        for name, tensor in model.state_dict().items()
    }
    temporary = folder / ".model.safetensors"
    temporary.write_bytes(save(weights, metadata={"format": "pt"}))
    temporary.replace(folder / "model.safetensors")
