// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.log;

import dev.phone.api.Analytics;
import dev.phone.api.AnalyticsInterval;
import dev.phone.api.AnalyticsPoint;
import dev.phone.api.AnalyticsService;
import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.OtpCounts;
import dev.phone.api.Rules;
import dev.phone.api.Share;
import dev.phone.api.TimeToVerify;
import dev.phone.server.application.ApplicationStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** What became of the OTP requests of an application, for the user who owns it. */
public final class AnalyticsEndpoint implements AnalyticsService {
    private final OtpTotals totals;
    private final ApplicationStore applications;
    private final Clock clock;

    public AnalyticsEndpoint(OtpTotals totals, ApplicationStore applications, Clock clock) {
        this.totals = totals;
        this.applications = applications;
        this.clock = clock;
    }

    @Override
    public Analytics getAnalytics(Caller.User caller, String applicationId, Instant from, Instant to, AnalyticsInterval interval) {
        Instant now = clock.instant();
        Instant end = (to == null ? now : to).truncatedTo(ChronoUnit.MILLIS);
        Instant start = (from == null ? end.minus(Rules.ANALYTICS_PERIOD) : from).truncatedTo(ChronoUnit.MILLIS);
        Duration each = interval == AnalyticsInterval.HOUR ? Duration.ofHours(1) : Duration.ofDays(1);
        if (!start.isBefore(end)) {
            throw ApiError.emptyPeriod();
        }
        long points = Duration.between(start, end).plus(each).minusMillis(1).dividedBy(each);
        if (points > Rules.ANALYTICS_INTERVALS) {
            throw ApiError.longPeriod();
        }
        applications.find(caller.id(), applicationId).orElseThrow(ApiError::notFound);
        List<OtpCounts> counts = totals.series(applicationId, start, end, each, (int) points, now);
        List<AnalyticsPoint> series = new ArrayList<>(counts.size());
        for (int i = 0; i < counts.size(); i++) {
            series.add(new AnalyticsPoint(start.plus(each.multipliedBy(i)), counts.get(i)));
        }
        VerifyTimes times = totals.verifyTimes(applicationId, start, end);
        OtpCounts sum = sum(counts);
        return new Analytics(start, end, interval, sum, Share.of(sum.verified(), sum.sent()), new TimeToVerify(times.percentile(50), times.percentile(95)), series);
    }

    private static OtpCounts sum(List<OtpCounts> counts) {
        return new OtpCounts(sum(counts, OtpCounts::sent), sum(counts, OtpCounts::verified), sum(counts, OtpCounts::failed),
                sum(counts, OtpCounts::expired), sum(counts, OtpCounts::cancelled), sum(counts, OtpCounts::superseded));
    }

    private static int sum(List<OtpCounts> counts, ToIntFunction<OtpCounts> which) {
        return counts.stream().mapToInt(which).sum();
    }
}
