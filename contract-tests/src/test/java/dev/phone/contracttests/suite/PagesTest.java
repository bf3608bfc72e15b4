// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static dev.phone.contracttests.suite.World.ALICES_NUMBER;
import static dev.phone.contracttests.suite.World.FREE_NUMBER;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.contract.Example;
import dev.phone.contracttests.contract.TheContract;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Lists: their order, their pages, and their filters. */
class PagesTest extends OtpSuite {
    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final String REQUESTS = "/v1/applications/" + World.APPLICATION + "/otp-requests";

    private JsonPath page(String who, String list, int limit, String cursor) {
        return as(who).get(url(list + (list.contains("?") ? "&" : "?") + "limit=" + limit + (cursor == null ? "" : "&cursor=" + cursor))).then()
                .statusCode(200).extract().jsonPath();
    }

    private List<String> walk(String who, String list, int limit, String member) {
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            JsonPath page = page(who, list, limit, cursor);
            List<String> items = page.getList("data." + member);
            cursor = page.getString("meta.nextCursor");
            assertTrue(cursor == null ? items.size() <= limit : items.size() == limit, list + ": " + items);
            seen.addAll(items);
        } while (cursor != null);
        return seen;
    }

    private String createProject(String who, String name) {
        return as(who, "{'name': '" + name + "'}").post(url("/v1/projects")).then().statusCode(201).extract().path("data.id");
    }

    @Test
    void everyListIsReadPageByPageNewestFirst() {
        List<String> projects = new ArrayList<>(List.of(World.BOBS_PROJECT));
        List<String> numbers = new ArrayList<>(List.of(World.BOBS_NUMBER));
        List<String> applications = new ArrayList<>();
        List<String> toOneNumber = new ArrayList<>();
        String project = createProject("alice", "Many");
        for (int i = 0; i < 5; i++) {
            projects.addFirst(createProject("bob", "P" + i));
            numbers.addFirst(as("bob", "{'phoneNumber': '+99970010030" + i + "'}").post(url("/v1/numbers")).then().statusCode(201)
                    .extract().path("data.phoneNumber"));
            applications.addFirst(as("alice", "{'name': 'A" + i + "', 'environment': 'test'}").post(url("/v1/projects/" + project + "/applications"))
                    .then().statusCode(201).extract().path("data.id"));
            toOneNumber.addFirst(send(FREE_NUMBER));
            send("+999 700 100 40" + i);
        }
        assertEquals(projects, walk("bob", "/v1/projects", 2, "id"));
        assertEquals(numbers, walk("bob", "/v1/numbers", 4, "phoneNumber"));
        assertEquals(applications, walk("alice", "/v1/projects/" + project + "/applications", 3, "id"));
        assertEquals(toOneNumber, walk("alice", REQUESTS + "?phoneNumber=%2B999700100200", 2, "id"));
        assertEquals(toOneNumber.subList(1, 5), walk("alice", REQUESTS + "?phoneNumber=%2B999%20700%20100%20200&status=superseded", 3, "id"));
        assertEquals(toOneNumber.subList(0, 1), walk("alice", REQUESTS + "?phoneNumber=%2B999700100200&status=pending", 3, "id"));
    }

    @Test
    void anInboxIsReadPageByPageNewestFirst() {
        as("alice", "{'phoneNumber': '" + FREE_NUMBER + "'}").post(url("/v1/numbers")).then().statusCode(201);
        List<String> senders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            JsonPath sender = as("alice", "{'name': 'Sender " + i + "', 'environment': 'live'}")
                    .post(url("/v1/projects/" + World.EMPTY_PROJECT + "/applications")).then().statusCode(201).extract().jsonPath();
            send(as(sender), url(""), FREE_NUMBER);
            senders.addFirst("Sender " + i);
        }
        assertEquals(senders, walk("alice", "/v1/numbers/+999700100200/messages", 2, "applicationName"));
    }

    @Test
    void whatComesOrGoesMeanwhileShiftsNothing() {
        List<String> created = new ArrayList<>(List.of(World.BOBS_PROJECT));
        for (int i = 0; i < 6; i++) {
            created.addFirst(createProject("bob", "P" + i));
        }
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            JsonPath page = page("bob", "/v1/projects", 3, cursor);
            seen.addAll(page.getList("data.id"));
            cursor = page.getString("meta.nextCursor");
            createProject("bob", "Meanwhile");
            // The one that the cursor was made of.
            if (cursor != null) {
                as("bob").delete(url("/v1/projects/" + seen.getLast())).then().statusCode(200);
            }
        } while (cursor != null);
        assertEquals(created, seen);
    }

    @Test
    void aFullLastPageHasNoNext() {
        as("alice").get(url("/v1/projects?limit=2")).then().statusCode(200).body("data", hasSize(2)).body("meta.nextCursor", nullValue());
        as("alice").get(url("/v1/projects?limit=1")).then().statusCode(200).body("data.id", equalTo(List.of(World.EMPTY_PROJECT)));
    }

    @Test
    void aPageHasAsManyItemsAsPromised() {
        for (int i = 1; i <= Promised.LARGEST_PAGE; i++) {
            createProject("bob", "P" + i);
        }
        as("bob").get(url("/v1/projects")).then().statusCode(200).body("data", hasSize(Promised.PAGE));
        as("bob").get(url("/v1/projects?limit=" + Promised.LARGEST_PAGE)).then().statusCode(200).body("data", hasSize(Promised.LARGEST_PAGE));
        as("bob").get(url("/v1/projects?limit=" + (Promised.LARGEST_PAGE + 1))).then().statusCode(422);
    }

    /** So that whatever sends the examples of the contract gets an answer. */
    @TestFactory
    Stream<DynamicTest> theExampleOfACursorIsTheFirstPageOfEveryList() {
        String example = TheContract.CONTRACT.json().getValue("/components/parameters/Cursor/schema/examples/0").toString().replace("\"", "");
        return Example.of(TheContract.CONTRACT).stream().filter(list -> list.status() == 200 && !list.target().contains("cursor=")
                && list.operation().parameters().stream().anyMatch(parameter -> parameter.name().equals("cursor"))).map(list ->
                dynamicTest(list.operation().id() + ": " + list.name(), () -> {
                    String with = list.target() + (list.target().contains("?") ? "&" : "?") + "cursor=" + example;
                    String without = request().headers(list.headers()).get(url(list.target())).then().statusCode(200).extract().asString();
                    assertEquals(without, request().headers(list.headers()).get(url(with)).asString());
                }));
    }

    @Test
    void aCursorFitsNothingButItsList() {
        createProject("bob", "Another");
        String bobs = page("bob", "/v1/projects", 1, null).getString("meta.nextCursor");
        String pending = page("alice", REQUESTS + "?status=pending", 1, null).getString("meta.nextCursor");
        isRefused("bob", "/v1/numbers?cursor=" + bobs);
        isRefused("alice", "/v1/projects?cursor=" + bobs);
        // Each character instead of the last one: some of them decode to the same bytes.
        BASE64.chars().filter(c -> c != bobs.charAt(bobs.length() - 1))
                .forEach(c -> isRefused("bob", "/v1/projects?cursor=" + bobs.substring(0, bobs.length() - 1) + (char) c));
        isRefused("alice", REQUESTS + "?cursor=" + pending);
        isRefused("alice", REQUESTS + "?status=verified&cursor=" + pending);
        isRefused("alice", REQUESTS + "?status=pending&phoneNumber=%2B999482918102&cursor=" + pending);
        // How many items are wanted is another matter.
        page("alice", REQUESTS + "?status=pending", 2, pending);
    }

    private void isRefused(String who, String path) {
        as(who).get(url(path)).then().statusCode(422).body("error.details.violations.path", equalTo(List.of("query:cursor")));
    }

    @Test
    void requestsCanBeFiltered() {
        as("alice").get(url(REQUESTS + "?status=verified")).then().statusCode(200).body("data.status", equalTo(List.of("verified")));
        as("alice").get(url(REQUESTS + "?phoneNumber=%2B999482918102&status=pending")).then().statusCode(200)
                .body("data.phoneNumber", equalTo(List.of(ALICES_NUMBER)));
        as("alice").get(url(REQUESTS + "?phoneNumber=%2B999700100299")).then().statusCode(200).body("data", hasSize(0));
    }
}
