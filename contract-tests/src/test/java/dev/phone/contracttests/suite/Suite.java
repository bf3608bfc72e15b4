// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.hamcrest.Matchers.equalTo;

import dev.phone.api.Operation;
import dev.phone.contracttests.check.ContractCheck;
import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.conversation.Player;
import dev.phone.contracttests.target.Target;
import dev.phone.contracttests.target.TargetType;
import dev.phone.contracttests.trace.Recorder;
import dev.phone.contracttests.trace.Step;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.filter.FilterContext;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/** Tests that run against every target, each from the demo world on. What they send and get is checked against the contract, and recorded. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.phone.contracttests.target.TargetType#chosen")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Recording.class)
abstract class Suite {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(5);

    @Parameter
    TargetType type;
    Recorder recorder;
    private Target target;

    /** Whether rate limits are on. They are off by default, because a suite sends more requests than any limit allows. */
    boolean limited() {
        return false;
    }

    @BeforeParameterizedClassInvocation
    void takeTarget() {
        target = type.take(limited());
        recorder = new Recorder(getClass().getSimpleName(), target);
    }

    @AfterParameterizedClassInvocation
    void giveTargetBack() {
        recorder.close();
        type.giveBack(target, limited());
    }

    @BeforeEach
    void startFromTheDemoWorld() {
        target.reset();
    }

    Target target() {
        return target;
    }

    /** Whether the target implements this operation. */
    boolean isBuilt(Operation operation) {
        return type.isMock() || TheContract.isBuilt(operation);
    }

    /**
     * A request whose response will be checked against the contract. If the target does not implement the operation, it must answer 501, and the
     * rest of the test is skipped.
     */
    RequestSpecification request() {
        // Sends exactly what a test specifies: no cookies, no charset added to the content type, and URLs that are not encoded twice.
        return RestAssured.given().urlEncodingEnabled(false).filter(this::skipWhatIsNotBuilt).filter(new ContractCheck(target)).filter(recorder)
                .config(RestAssured.config().encoderConfig(EncoderConfig.encoderConfig()
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                        .defaultContentCharset(StandardCharsets.UTF_8)));
    }

    private Response skipWhatIsNotBuilt(FilterableRequestSpecification request, FilterableResponseSpecification specification,
            FilterContext context) {
        Response response = context.next(request, specification);
        Operation operation = TheContract.operation(request.getMethod(), URI.create(request.getURI()).getRawPath());
        if (operation != null && !isBuilt(operation)) {
            response.then().statusCode(501).body("error.code", equalTo("NOT_IMPLEMENTED"));
            throw new TestAbortedException("the " + type + " has not built " + operation.id());
        }
        return response;
    }

    /** A request with the credentials of this name in the demo world. */
    RequestSpecification as(String name) {
        return request().headers(World.credentials(name));
    }

    /** A request with the credentials that were shown when an application was created. */
    RequestSpecification as(JsonPath created) {
        return request().header("x-client-id", created.getString("data.credentials.clientId"))
                .header("x-client-secret", created.getString("data.credentials.clientSecret"))
                .header("x-api-key", created.getString("data.credentials.apiKey"));
    }

    /** The same with a JSON body, in which single quotes stand for double ones. */
    RequestSpecification as(String name, String body) {
        return with(body, as(name));
    }

    static RequestSpecification with(String body, RequestSpecification request) {
        return request.contentType("application/json").body(body.replace('\'', '"'));
    }

    /** Repeats a request until the response is as expected, for what a target does asynchronously. Only the last response is checked and recorded. */
    Response eventually(String who, String path, String member, Matcher<?> expected) {
        Map<String, String> credentials = World.credentials(who);
        credentials.computeIfPresent("authorization", (name, value) -> target.authorization(value));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!expected.matches(RestAssured.given().headers(credentials).get(url(path)).path(member)) && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        Response last = as(who).get(url(path));
        last.then().statusCode(200).body(member, expected);
        return last;
    }

    /** Plays a conversation as {@link dev.phone.contracttests.conversation.Lockstep} prints it. @return the statuses */
    List<Integer> play(String turns) {
        return Player.play(target, turns, recorder).stream().map(Step::status).toList();
    }

    String url(String path) {
        return target.url() + path;
    }
}
