"""What the committee is measured against: scikit-learn's classifiers, each at settings that suit such tables."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from threadpoolctl import threadpool_limits

from spotistream.models.genre_folds import sampled

Doubles = NDArray[np.float64]
Numbers = NDArray[np.int64]

PENALTIES = (1.0, 10.0)
MOST_ROWS_OF_A_CHOICE = 3_000
MANY_ROWS = 6_000
EPOCHS, EPOCHS_OF_MANY_ROWS = 500, 200


def prepared(classifier: Any) -> Pipeline:
    """The classifier behind median filling and standardisation."""
    return make_pipeline(SimpleImputer(keep_empty_features=True, strategy="median"), StandardScaler(), classifier)


def support_vectors(values: Doubles, classes: Numbers, *, seed: int) -> Pipeline:
    """SVC with a radial basis kernel, C from PENALTIES by an inner validation on at most 3,000 of the training rows."""
    kept = sampled(len(values), most=MOST_ROWS_OF_A_CHOICE, seed=seed)
    search = GridSearchCV(
        prepared(SVC()), {"svc__C": PENALTIES}, cv=StratifiedKFold(3, shuffle=True, random_state=seed)
    )
    best = search.fit(values[kept], classes[kept]).best_params_["svc__C"]
    return prepared(SVC(C=best)).fit(values, classes)


def sklearn_perceptron(values: Doubles, classes: Numbers, *, seed: int) -> Pipeline:
    """MLPClassifier as it comes, one hidden layer of 100, with more epochs for small tables."""
    epochs = EPOCHS if len(values) <= MANY_ROWS else EPOCHS_OF_MANY_ROWS
    return prepared(MLPClassifier(max_iter=epochs, random_state=seed)).fit(values, classes)


PEERS: dict[str, Callable[..., Pipeline]] = {"svm": support_vectors, "mlp": sklearn_perceptron}


def peer_answers(name: str, values: Doubles, classes: Numbers, asked: Doubles, *, seed: int) -> Numbers:
    """The classes that a peer trained on rows (n, d) gives to ``asked`` (m, d): (m,)."""
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", UserWarning)
        fitted = PEERS[name](values, classes, seed=seed)
        answers: Numbers = fitted.predict(asked).astype(np.int64)
    return answers
