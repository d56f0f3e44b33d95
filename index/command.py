"""How a command of the index tells what is wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable

from pydantic import ValidationError

from corpus.files import CorpusError
from index.e5 import EncoderError
from index.evaluate import EvaluationError
from index.question_files import QuestionFileError
from index.settings import problems_of
from index.store import StoreError
from index.vectors import CacheError


def told(command: Callable[[], int]) -> int:
    """Run a command: its status, or 1 where it cannot be done and a sentence says why."""
    try:
        return command()
    except ValidationError as error:
        print(problems_of(error), file=sys.stderr)
    except (CorpusError, EncoderError, StoreError, CacheError, EvaluationError, QuestionFileError) as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:
        raise
    except OSError as error:
        print(f"读写文件出错：{error}", file=sys.stderr)
    return 1
