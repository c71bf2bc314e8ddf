"""What /metrics says of a destination that results are forwarded to."""


def counters(box, name):
    metrics = box.metrics()
    counts = {outcome: metrics.sum("tocsin_forward_items_total", destination=name, outcome=outcome)
              for outcome in ("accepted", "sent", "refused", "dropped")}
    counts["pending"] = metrics.sum("tocsin_forward_pending", destination=name)
    return counts


def assert_conserved(test, counts):
    test.assertEqual(counts["accepted"],
                     counts["sent"] + counts["refused"] + counts["dropped"] + counts["pending"], counts)
