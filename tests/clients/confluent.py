"""confluent-kafka (librdkafka) against a broker: `confluent.py HOST:PORT`."""

import time

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    ResourceType,
)
from tap import check, equal, main, refused

CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]


ADMINS = {}


def admin(bootstrap):
    """The one admin client: its answers end with it, so it lives as long as the program."""
    if bootstrap not in ADMINS:
        ADMINS[bootstrap] = AdminClient({"bootstrap.servers": bootstrap})
    return ADMINS[bootstrap]


def results(futures):
    """What each future of an admin call gives; raises the first failure."""
    return {key: future.result(30) for key, future in futures.items()}


def create(bootstrap, name, partitions=1, configs=None):
    results(admin(bootstrap).create_topics([NewTopic(name, partitions, 1, config=configs or {})]))


def produce(bootstrap, topic, records, **options):
    """Sends (key, value, headers, partition) tuples; returns the delivered offsets in order of delivery."""
    delivered = []

    def on_delivery(error, message):
        if error is not None:
            raise KafkaException(error)
        delivered.append((message.partition(), message.offset()))

    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 10, **options})
    for key, value, headers, partition in records:
        producer.produce(topic, value=value, key=key, headers=headers, partition=partition, on_delivery=on_delivery)
        producer.poll(0)
    equal(producer.flush(60), 0, "records left in the producer")
    equal(len(delivered), len(records), "delivered")
    return delivered


def read(consumer, count, seconds=60):
    records, deadline = [], time.monotonic() + seconds
    while len(records) < count and time.monotonic() < deadline:
        message = consumer.poll(0.2)
        if message is None:
            continue
        if message.error():
            if message.error().code() in (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._TRANSPORT):
                continue
            raise KafkaException(message.error())
        records.append(message)
    equal(len(records), count, "records")
    return records


def consumer(bootstrap, group, **options):
    return Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            **options,
        }
    )


@check("creates topics, sees them in the metadata, refuses what is illegal")
def topics(bootstrap):
    create(bootstrap, "ck-topics", 3)
    found = admin(bootstrap).list_topics("ck-topics", timeout=10).topics["ck-topics"]
    equal(sorted(found.partitions), [0, 1, 2], "partitions")
    error = refused(KafkaException, lambda: create(bootstrap, "ck-topics"))
    equal(error.args[0].code(), KafkaError.TOPIC_ALREADY_EXISTS, "second of the same name")
    error = refused(KafkaException, lambda: create(bootstrap, "bad/name"))
    equal(error.args[0].code(), KafkaError.TOPIC_EXCEPTION, "illegal name")


@check("produces and consumes with every codec: keys, headers, nulls")
def codecs(bootstrap):
    create(bootstrap, "ck-codecs")
    expected = []
    for codec in CODECS:
        records = []
        for n in range(200):
            key = None if n % 7 == 0 else f"key-{n}".encode()
            value = None if n % 11 == 0 and key else f"{codec} {n} ".encode() * 20
            headers = [("codec", codec.encode()), ("null", None)] if n % 3 == 0 else None
            records.append((key, value, headers, 0))
        produce(bootstrap, "ck-codecs", records, **{"compression.type": codec})
        expected += records
    reader = consumer(bootstrap, "ck-codecs")
    reader.assign([TopicPartition("ck-codecs", 0, OFFSET_BEGINNING)])
    records = read(reader, len(expected))
    equal([r.offset() for r in records], list(range(len(expected))), "offsets")
    equal([(r.key(), r.value(), r.headers(), r.partition()) for r in records], expected, "records")
    reader.close()


@check("acks 0, 1 and all")
def acks(bootstrap):
    create(bootstrap, "ck-acks")
    for wanted in ["1", "all"]:
        produce(bootstrap, "ck-acks", [(None, b"x", None, 0)], acks=wanted)
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "0"})
    producer.produce("ck-acks", b"x")
    equal(producer.flush(30), 0, "records left")
    reader = consumer(bootstrap, "ck-acks")
    reader.assign([TopicPartition("ck-acks", 0, OFFSET_BEGINNING)])
    read(reader, 3)
    reader.close()


@check("an idempotent producer keeps order and count with small batches in flight")
def idempotent(bootstrap):
    create(bootstrap, "ck-idempotent", 2)
    produce(
        bootstrap,
        "ck-idempotent",
        [(None, str(n).encode(), None, n % 2) for n in range(5000)],
        **{"enable.idempotence": True, "batch.num.messages": 20, "linger.ms": 1},
    )
    reader = consumer(bootstrap, "ck-idempotent")
    reader.assign([TopicPartition("ck-idempotent", p, OFFSET_BEGINNING) for p in (0, 1)])
    records = read(reader, 5000)
    for partition in (0, 1):
        values = [int(r.value()) for r in records if r.partition() == partition]
        equal(values, list(range(partition, 5000, 2)), f"partition {partition}")
    reader.close()


@check("two members share the partitions, with the eager and the cooperative assignor")
def groups(bootstrap):
    create(bootstrap, "ck-groups", 4)
    produce(bootstrap, "ck-groups", [(None, str(n).encode(), None, n % 4) for n in range(400)])
    for strategy in ("range", "cooperative-sticky"):
        group = f"ck-{strategy}"
        members = [consumer(bootstrap, group, **{"partition.assignment.strategy": strategy}) for _ in range(2)]
        for member in members:
            member.subscribe(["ck-groups"])
        seen, deadline = set(), time.monotonic() + 60
        while time.monotonic() < deadline:
            for member in members:
                message = member.poll(0.02)
                if message is not None and not message.error():
                    seen.add(int(message.value()))
            counts = [len(member.assignment()) for member in members]
            if len(seen) == 400 and counts == [2, 2]:
                break
        equal(counts, [2, 2], f"partitions of the members with {strategy}")
        equal(len(seen), 400, f"values with {strategy}")
        for member in members:
            member.commit(asynchronous=False)
            member.close()


@check("a static member comes back without a rebalance of the others")
def static(bootstrap):
    create(bootstrap, "ck-static", 2)
    produce(bootstrap, "ck-static", [(None, b"x", None, n % 2) for n in range(10)])
    options = {"group.instance.id": "one", "session.timeout.ms": 20000}
    first = consumer(bootstrap, "ck-static", **options)
    first.subscribe(["ck-static"])
    read(first, 10)
    first.commit(asynchronous=False)
    first.close()
    produce(bootstrap, "ck-static", [(None, b"y", None, 0)])
    again = consumer(bootstrap, "ck-static", **options)
    again.subscribe(["ck-static"])
    equal([r.value() for r in read(again, 1)], [b"y"], "what the member reads when it is back")
    again.close()


@check("describes and alters a topic's configuration, incrementally")
def configs(bootstrap):
    create(bootstrap, "ck-configs")
    resource = ConfigResource(ResourceType.TOPIC, "ck-configs")

    def entry():
        return next(iter(results(admin(bootstrap).describe_configs([resource])).values()))["retention.ms"]

    equal((entry().value, entry().is_default), ("604800000", True), "default")
    change = ConfigResource(
        ResourceType.TOPIC,
        "ck-configs",
        incremental_configs=[ConfigEntry("retention.ms", "12345678", incremental_operation=AlterConfigOpType.SET)],
    )
    results(admin(bootstrap).incremental_alter_configs([change]))
    equal((entry().value, entry().is_default), ("12345678", False), "altered")
    wrong = ConfigResource(
        ResourceType.TOPIC,
        "ck-configs",
        incremental_configs=[ConfigEntry("retention.ms", "soon", incremental_operation=AlterConfigOpType.SET)],
    )
    error = refused(KafkaException, lambda: results(admin(bootstrap).incremental_alter_configs([wrong])))
    equal(error.args[0].code(), KafkaError.INVALID_CONFIG, "a bad value")


@check("adds partitions, lists offsets, deletes records and a topic")
def partitions(bootstrap):
    create(bootstrap, "ck-partitions")
    results(admin(bootstrap).create_partitions([NewPartitions("ck-partitions", 3)]))
    produce(bootstrap, "ck-partitions", [(None, b"x", None, 0) for _ in range(10)])
    where = TopicPartition("ck-partitions", 0, 4)
    deleted = results(admin(bootstrap).delete_records([where]))
    equal([found.low_watermark for found in deleted.values()], [4], "low watermark")
    for spec, expected in ((OffsetSpec.earliest(), 4), (OffsetSpec.latest(), 10), (OffsetSpec.max_timestamp(), None)):
        found = next(iter(results(admin(bootstrap).list_offsets({TopicPartition("ck-partitions", 0): spec})).values()))
        if expected is not None:
            equal(found.offset, expected, str(spec))
    results(admin(bootstrap).delete_topics(["ck-partitions"]))
    deadline = time.monotonic() + 20
    while "ck-partitions" in admin(bootstrap).list_topics(timeout=10).topics:
        if time.monotonic() > deadline:
            raise AssertionError("the deleted topic is still listed")
        time.sleep(0.1)


@check("lists and describes a group, resets its offsets, deletes it")
def group_admin(bootstrap):
    create(bootstrap, "ck-offsets")
    produce(bootstrap, "ck-offsets", [(None, b"x", None, 0) for _ in range(10)])
    reader = consumer(bootstrap, "ck-admin")
    reader.subscribe(["ck-offsets"])
    read(reader, 10)
    reader.commit(asynchronous=False)
    described = results(admin(bootstrap).describe_consumer_groups(["ck-admin"]))["ck-admin"]
    equal((described.state.name, len(described.members)), ("STABLE", 1), "state and members")
    reader.close()
    listed = admin(bootstrap).list_consumer_groups().result(30).valid
    equal("ck-admin" in [group.group_id for group in listed], True, "ck-admin is listed")
    where = [TopicPartition("ck-offsets", 0, 3)]
    results(admin(bootstrap).alter_consumer_group_offsets([ConsumerGroupTopicPartitions("ck-admin", where)]))
    found = results(admin(bootstrap).list_consumer_group_offsets([ConsumerGroupTopicPartitions("ck-admin")]))
    equal(found["ck-admin"].topic_partitions[0].offset, 3, "offset after the reset")
    reader = consumer(bootstrap, "ck-admin")
    reader.subscribe(["ck-offsets"])
    equal(read(reader, 7)[0].offset(), 3, "first offset read")
    reader.close()
    results(admin(bootstrap).delete_consumer_groups(["ck-admin"]))
    listed = admin(bootstrap).list_consumer_groups().result(30).valid
    equal("ck-admin" in [group.group_id for group in listed], False, "is gone")


@check("large records: refused at the default, taken where the topic allows them")
def large(bootstrap):
    create(bootstrap, "ck-small")
    create(bootstrap, "ck-large", configs={"max.message.bytes": "6000000"})
    value = bytes(range(256)) * 20000  # 5 MB
    outcomes = []
    producer = Producer({"bootstrap.servers": bootstrap, "message.max.bytes": 8000000})
    for topic in ("ck-small", "ck-large"):
        producer.produce(topic, value, on_delivery=lambda error, _: outcomes.append(error and error.code()))
        equal(producer.flush(30), 0, "records left")
    equal(outcomes, [KafkaError.MSG_SIZE_TOO_LARGE, None], "outcomes")
    reader = consumer(bootstrap, "ck-large")
    reader.assign([TopicPartition("ck-large", 0, OFFSET_BEGINNING)])
    equal(read(reader, 1)[0].value() == value, True, "value is whole")
    reader.close()


@check("describes the cluster")
def cluster(bootstrap):
    found = admin(bootstrap).describe_cluster().result(30)
    equal(len(found.nodes), 1, "nodes")
    equal(len(found.cluster_id), 22, "length of the cluster id")


main()
