"""A chat model's words beside a composed answer, checked sentence by sentence."""

#: Answers for which a model is asked at the same time; those beyond are given without its words.
TALKS = 64
