"""Make the environment's own ``spark-submit`` and ``pyspark`` work plainly, with Delta and Kafka, on the chosen Java.

Three files in ``pyspark/conf``, where Spark looks for its configuration, and one link:

spark-env.sh          JAVA_HOME, and the interpreter of this environment for driver and workers
spark-defaults.conf   the ``spark`` jar set and the Delta extension
log4j2.properties     warnings only, known noise left out
bin/spark-distribution   pyspark's ``find-spark-home`` asks the ``python3`` on PATH, which may be another one; it looks
                      for this name beside itself first

Each file starts with HEADER; one that does not is a person's own and stays as it is.
"""

from __future__ import annotations

import logging
import os
import shlex
import sys
import tempfile
from pathlib import Path

from spotistream.errors import EnvironmentProblem
from spotistream.services.java import JavaRuntime

HEADER = "# Written by spotistream.services.sparkhome; remove this line to keep your own changes."

log = logging.getLogger(__name__)


def spark_home() -> Path:
    """The folder of the pyspark that this interpreter imports."""
    import pyspark

    return Path(pyspark.__file__).resolve().parent


def configure_spark_home(
    java: JavaRuntime, spark_jars: Path, *, wheel_home: Path | None = None, home: Path | None = None
) -> list[Path]:
    """Write what is missing or out of date; the files that were written.

    spark_jars : folder of the ``spark`` jar set
    wheel_home : JAVA_HOME of the wheel, for SPOTISTREAM_JAVA=wheel; default that of `java`
    home : Spark's home, default the environment's own pyspark

    Raises EnvironmentProblem where pyspark is not inside this environment, or cannot be written: a system's or
    another project's pyspark is not ours to configure.
    """
    home = home or spark_home()
    if sys.prefix == sys.base_prefix or not home.is_relative_to(Path(sys.prefix).resolve()):
        raise EnvironmentProblem(
            f"pyspark at {home} does not belong to the environment {sys.prefix}", remedy="run scripts/setup"
        )
    contents = {
        "spark-env.sh": spark_env(java.home, wheel_home or java.home, python=Path(sys.executable)),
        "spark-defaults.conf": spark_defaults(spark_jars),
        "log4j2.properties": logging_properties(),
    }
    try:
        (home / "conf").mkdir(exist_ok=True)
        written = [path for name, text in contents.items() if _write(path := home / "conf" / name, text)]
        _link(Path(sys.prefix) / "bin" / "spark-distribution", home)
    except OSError as problem:
        raise EnvironmentProblem(
            f"cannot configure Spark in {home} ({problem.strerror})", remedy="make the environment writable"
        ) from problem
    return written


def spark_env(java_home: Path, wheel_home: Path, *, python: Path) -> str:
    """spark-env.sh: a JAVA_HOME of the user's with a Java 17 or 21 wins, and so do interpreters they chose."""
    return f"""{HEADER}
if [ "${{SPOTISTREAM_JAVA:-auto}}" = wheel ]; then
  export JAVA_HOME={shlex.quote(str(wheel_home))}
elif ! "${{JAVA_HOME:-/nowhere}}/bin/java" -version 2>&1 | grep -qE 'version "(17|21)[."]'; then
  export JAVA_HOME={shlex.quote(str(java_home))}
fi
export PYSPARK_PYTHON="${{PYSPARK_PYTHON:-{_in_double_quotes(python)}}}"
# Spark's own find-spark-home says python3 where nobody chose a driver.
if [ "${{PYSPARK_DRIVER_PYTHON:-python3}}" = python3 ]; then
  export PYSPARK_DRIVER_PYTHON="$PYSPARK_PYTHON"
fi
"""


def spark_defaults(spark_jars: Path) -> str:
    """spark-defaults.conf: the jars on the class path of driver and executors, and Delta as the session's catalogue."""
    return f"""{HEADER}
spark.driver.extraClassPath      {spark_jars}/*
spark.executor.extraClassPath    {spark_jars}/*
spark.sql.extensions             io.delta.sql.DeltaSparkSessionExtension
spark.sql.catalog.spark_catalog  org.apache.spark.sql.delta.catalog.DeltaCatalog
"""


# What Spark and its libraries warn about on every healthy start: nothing in it that a user could act on.
NOISY_LOGGERS = (
    "org.apache.hadoop.util.NativeCodeLoader",
    "org.apache.spark.util.Utils",
    "org.apache.spark.util.SparkStringUtils",
    "org.apache.spark.sql.catalyst.util.SparkStringUtils",
    "org.apache.spark.sql.execution.streaming.runtime.ResolveWriteToStream",
    "org.apache.spark.sql.execution.streaming.ResolveWriteToStream",
    "org.apache.spark.sql.kafka010.KafkaDataConsumer",
    "org.apache.spark.sql.execution.window.WindowExec",
    "org.apache.spark.rdd.MapPartitionsRDD",
    "org.apache.spark.scheduler.FairSchedulableBuilder",
    "org.apache.kafka.clients.NetworkClient",
    "org.apache.kafka.clients.admin.AdminClientConfig",
    "org.apache.kafka.clients.consumer.ConsumerConfig",
    "org.apache.kafka.clients.producer.ProducerConfig",
    "org.apache.kafka.common.utils.AppInfoParser",
)


def logging_properties() -> str:
    """log4j2.properties: warnings to stderr with one short line each, NOISY_LOGGERS from errors up."""
    loggers = "".join(
        f"logger.noisy{number}.name = {name}\nlogger.noisy{number}.level = error\n"
        for number, name in enumerate(NOISY_LOGGERS)
    )
    return f"""{HEADER}
rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %d{{HH:mm:ss}} %p %c{{1}}: %m%n%ex
{loggers}"""


def _in_double_quotes(path: Path) -> str:
    return "".join("\\" + letter if letter in '"\\$`' else letter for letter in str(path))


def _write(path: Path, text: str) -> bool:
    """Put `text` at `path` in one step; False when it is there already, or when the file is a person's own."""
    if path.exists():
        present = path.read_text()
        if present == text:
            return False
        if not present.startswith(HEADER):
            log.warning("%s is not ours and stays as it is", path)
            return False
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as temporary:
        temporary.write(text)
    Path(temporary.name).chmod(0o644)
    Path(temporary.name).replace(path)
    return True


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and link.resolve() == target:
        return
    if link.exists() and not link.is_symlink():
        log.warning("%s is not ours and stays as it is", link)
        return
    temporary = link.with_name(f".{link.name}.{os.getpid()}")
    temporary.symlink_to(target)
    temporary.replace(link)
