// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.otp;

import dev.phone.api.ApiError;
import dev.phone.api.Codec;
import dev.phone.api.Rules;
import dev.phone.api.Share;
import dev.phone.api.Schema;
import dev.phone.api.TimeToVerify;
import dev.phone.mock.handler.OperationHandler;
import dev.phone.mock.handler.RequestContext;
import dev.phone.mock.handler.Result;
import dev.phone.mock.model.ResourceType;
import dev.phone.mock.state.Json;
import dev.phone.mock.state.Resource;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Counts the OTP requests of an application, in total and by hour or day. */
final class AnalyticsHandler implements OperationHandler {
    private static final Duration PERIOD = Rules.ANALYTICS_PERIOD;
    private static final long LONGEST = ((Schema.Numeric) ((Schema.Properties) TimeToVerify.SCHEMA).property("median")).maximum().longValue();
    private static final List<String> ENDS = List.of("verified", "failed", "expired", "cancelled", "superseded");

    private final ResourceType requests;

    AnalyticsHandler(ResourceType requests) {
        this.requests = requests;
    }

    @Override
    public Result handle(RequestContext context) {
        Instant to = context.input().instant("to");
        to = (to == null ? context.now() : to).truncatedTo(ChronoUnit.MILLIS);
        Instant from = context.input().instant("from");
        from = (from == null ? to.minus(PERIOD) : from).truncatedTo(ChronoUnit.MILLIS);
        String interval = context.input().text("interval");
        interval = interval == null ? "day" : interval;
        Duration each = interval.equals("hour") ? Duration.ofHours(1) : Duration.ofDays(1);
        if (!from.isBefore(to)) {
            throw ApiError.emptyPeriod();
        }
        long points = (Duration.between(from, to).toMillis() + each.toMillis() - 1) / each.toMillis();
        if (points > Rules.ANALYTICS_INTERVALS) {
            throw ApiError.longPeriod();
        }
        Resource application = context.resource(context.operation().subject(), context.key());
        int[][] counts = new int[(int) points][1 + ENDS.size()];
        int[] totals = new int[1 + ENDS.size()];
        List<Long> times = new ArrayList<>();
        for (Resource request : context.session().children(requests, application.key())) {
            Instant at = request.instant("createdAt");
            if (!at.isBefore(from) && at.isBefore(to)) {
                int[] point = counts[(int) (Duration.between(from, at).toMillis() / each.toMillis())];
                int end = 1 + ENDS.indexOf(request.text("status"));
                if (ENDS.getFirst().equals(request.text("status"))) {
                    times.add(Math.min(LONGEST, Duration.between(at, request.instant("verifiedAt")).plusMillis(999).toSeconds()));
                }
                point[0]++;
                totals[0]++;
                if (end > 0) {
                    point[end]++;
                    totals[end]++;
                }
            }
        }
        Collections.sort(times);
        JsonArrayBuilder series = Json.array();
        for (int i = 0; i < points; i++) {
            series.add(Json.object().add("startsAt", Json.instant(from.plus(each.multipliedBy(i)))).add("counts", json(counts[i])));
        }
        BigDecimal conversion = Share.of(times.size(), totals[0]);
        JsonObject data = Json.object().add("from", Json.instant(from)).add("to", Json.instant(to)).add("interval", interval)
                .add("totals", json(totals)).add("conversion", conversion == null ? JsonValue.NULL : Codec.json(conversion))
                .add("timeToVerify", Json.object().add("median", percentile(times, 50)).add("p95", percentile(times, 95))).add("series", series).build();
        return Result.data(data, "counted " + totals[0] + " OtpRequest");
    }

    /** A percentile by nearest rank. */
    private static JsonValue percentile(List<Long> sorted, int percent) {
        return sorted.isEmpty() ? JsonValue.NULL : Codec.json(sorted.get((sorted.size() * percent + 99) / 100 - 1));
    }

    private static JsonObjectBuilder json(int[] counts) {
        JsonObjectBuilder json = Json.object().add("sent", counts[0]);
        for (int i = 0; i < ENDS.size(); i++) {
            json.add(ENDS.get(i), counts[i + 1]);
        }
        return json;
    }
}
