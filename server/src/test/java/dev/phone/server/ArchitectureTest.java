// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.phone.api.Route;
import dev.phone.server.store.Database;
import dev.phone.server.store.Secrets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Which room knows which. */
class ArchitectureTest {
    private static final String ROOT = "dev.phone.server";
    private static final String HTTP = ROOT + ".http..";
    private static final String STORE = ROOT + ".store..";
    /** What happens to every request, whatever its operation. */
    private static final String[] SHARED = {ROOT + ".auth..", ROOT + ".limits..", ROOT + ".idempotency.."};
    // Whatever package is added is one of them, too.
    private static final DescribedPredicate<JavaClass> FEATURES = resideInAPackage(ROOT + ".*..").and(resideOutsideOfPackages(HTTP, STORE))
            .and(resideOutsideOfPackages(SHARED)).as("features");
    private static final JavaClasses SERVER = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(ROOT);

    private static void check(ArchRule rule) {
        rule.check(SERVER);
    }

    @Test
    void timeIsGiven() {
        check(noClasses().that().doNotHaveFullyQualifiedName(Main.class.getName())
                .should().callMethod(Instant.class, "now")
                .orShould().callMethod(LocalDate.class, "now")
                .orShould().callMethod(OffsetDateTime.class, "now")
                .orShould().callMethod(ZonedDateTime.class, "now")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callConstructor(Date.class)
                .orShould().callMethod(Clock.class, "systemUTC")
                .orShould().callMethod(Clock.class, "systemDefaultZone")
                .orShould().callMethod(InstantSource.class, "system")
                .because("what happens at a moment can only be tested if the moment can be chosen: Main has the clock, Phone hands it out"));
    }

    @Test
    void onlyDurationsAreMeasured() {
        check(noClasses().that().doNotHaveFullyQualifiedName(ROOT + ".http.HttpApi").and().doNotHaveFullyQualifiedName(ROOT + ".http.RequestMetrics")
                .and().doNotHaveFullyQualifiedName(ROOT + ".store.Database").and().doNotHaveFullyQualifiedName(ROOT + ".webhook.Sender")
                .and().doNotHaveFullyQualifiedName(ROOT + ".webhook.Dispatcher")
                .should().callMethod(System.class, "nanoTime")
                .because("how long a request, a slow client or server, or a lost race takes is measured; what a clock shows is given"));
    }

    @Test
    void httpStopsAtTheApi() {
        check(noClasses().that().resideInAPackage(ROOT + ".*..").and().resideOutsideOfPackage(HTTP)
                .should().dependOnClassesThat().resideInAnyPackage("io.helidon.http..", "io.helidon.webserver..", HTTP)
                .because("an implementation is a typed function that tests call without a server"));
    }

    @Test
    void whatIsDoneWithEveryRequestKnowsNoFeature() {
        check(noClasses().that().resideInAPackage(HTTP).or().resideInAnyPackage(SHARED)
                .should().dependOnClassesThat(FEATURES)
                .because("it does with every operation what the contract says of it"));
    }

    @Test
    void featuresKnowNoLimitsAndNoKeys() {
        check(noClasses().that(FEATURES)
                .should().dependOnClassesThat().resideInAnyPackage(ROOT + ".limits..", ROOT + ".idempotency..")
                .because("both are applied before an implementation is called, as the contract says"));
    }

    @Test
    void theStoreKnowsNobody() {
        check(noClasses().that().resideInAPackage(STORE)
                .should().dependOnClassesThat(resideInAPackage(ROOT + "..").and(resideOutsideOfPackage(STORE)))
                .because("it is what everybody stands on"));
    }

    @Test
    void roomsHaveNoCircle() {
        check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
    }

    @Test
    void onlyPhoneWires() {
        check(noClasses().that().resideOutsideOfPackage(ROOT)
                .should().dependOnClassesThat().resideInAPackage(ROOT)
                .because("what a part needs it is given, by Phone"));
    }

    @Test
    void onlyTheApiRoutes() {
        check(noClasses().that().resideOutsideOfPackages(ROOT, ROOT + ".http..").should().dependOnClassesThat().areAssignableTo(Route.class)
                .because("a route is generated, put together by Phone and called by HttpApi"));
    }

    @Test
    void randomnessIsSecure() {
        check(noClasses().that().doNotHaveFullyQualifiedName(ROOT + ".store.Database")
                .should().dependOnClassesThat(belongToAnyOf(Random.class, SplittableRandom.class, ThreadLocalRandom.class))
                .orShould().callMethod(Math.class, "random")
                .because("what we draw must not be guessed; only how long Database waits after a lost race may be"));
    }

    @Test
    void randomnessIsGiven() {
        check(noClasses().that().doNotHaveFullyQualifiedName(Main.class.getName()).and().doNotHaveFullyQualifiedName(ROOT + ".store.Secrets")
                .should().callConstructor(SecureRandom.class)
                .orShould().callMethod(SecureRandom.class, "getInstanceStrong")
                .orShould().callMethod(UUID.class, "randomUUID")
                .because("Main has the source of randomness, Phone hands it out; only Secrets has its own, since a nonce that a test "
                        + "could repeat would be no nonce"));
    }

    @Test
    void namesSayWhatAThingDoes() {
        check(classes().should().haveSimpleNameNotEndingWith("Impl").andShould().haveSimpleNameNotEndingWith("Manager")
                .andShould().haveSimpleNameNotEndingWith("Helper").andShould().haveSimpleNameNotEndingWith("Utils")
                .because("a name that fits everything says nothing"));
    }
}
