"""A chat model's words beside a composed answer, checked sentence by sentence."""

from concurrent.futures import Future

#: Done as soon as nobody wants to hear a model any longer: it is hung up on at once, also while it is silent.
Stop = Future[None]
#: Answers for which a model is asked at the same time; those beyond are given without its words.
TALKS = 64
