// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * On PostgreSQL every list can be read from an index, in order, up to its limit, so that it takes no longer when there are many rows. How long the
 * largest ones take is measured in contract-tests/bench.
 */
class ListPlansTest {
    /**
     * They skip few rows: OTP requests that have expired within the last second, which the sweep has not seen; another status of the OTP requests of one
     * number; messages that have expired, of a number that someone else had before.
     */
    private static final Set<String> SKIP_FEW = Set.of("otp.list-by-status", "otp.list-expired", "otp.list-by-number", "message.list");
    private static final Pattern PARAMETER = Pattern.compile("(?<!:):([a-zA-Z]+)");

    @Test
    void noListReadsMoreThanItShows() throws SQLException {
        Map<String, String> settings = TestDatabase.POSTGRES.settings();
        Map<String, String> wrong = new TreeMap<>();
        int lists = 0;
        try (Database database = Database.connect(Config.just(ConfigSources.create(settings)));
                Connection connection = DriverManager.getConnection(settings.get("url"), settings.get("username"), settings.get("password"));
                Statement statement = connection.createStatement()) {
            database.ready();
            // The tables are empty: what an index cannot do would be done without it.
            statement.execute("SET enable_seqscan = off");
            statement.execute("SET enable_bitmapscan = off");
            statement.execute("SET plan_cache_mode = force_generic_plan");
            for (Map.Entry<String, String> list : new TreeMap<>(Database.statements(settings.get("url"))).entrySet()) {
                if (list.getKey().matches(".*\\.list(-by-.*|-expired)?") && list.getValue().contains(":before")) {
                    lists++;
                    String plan = plan(statement, list.getValue());
                    if (plan.contains("Seq Scan") || plan.contains("Sort  (") || plan.contains("Filter") && !SKIP_FEW.contains(list.getKey())) {
                        wrong.put(list.getKey(), plan);
                    }
                }
            }
        }
        assertTrue(lists >= 12, lists + " lists");
        assertEquals(Map.of(), wrong);
    }

    private static String plan(Statement statement, String sql) throws SQLException {
        Map<String, String> numbers = new LinkedHashMap<>();
        Matcher parameter = PARAMETER.matcher(sql);
        String numbered = parameter.replaceAll(found -> Matcher.quoteReplacement(numbers.computeIfAbsent(found.group(1), name -> "$" + (numbers.size() + 1))));
        statement.execute("PREPARE list AS " + numbered);
        List<String> lines = new ArrayList<>();
        try (ResultSet plan = statement.executeQuery("EXPLAIN EXECUTE list(" + "NULL, ".repeat(numbers.size() - 1) + "NULL)")) {
            while (plan.next()) {
                lines.add(plan.getString(1));
            }
        }
        statement.execute("DEALLOCATE list");
        return String.join("\n", lines);
    }
}
