// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.phone.api.Route;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which room knows which. */
class ArchitectureTest {
    private static final String ROOT = "dev.phone.server";
    private static final String[] FEATURES = {ROOT + ".otp..", ROOT + ".project..", ROOT + ".application..", ROOT + ".number.."};
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
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(Clock.class, "systemUTC")
                .orShould().callMethod(Clock.class, "systemDefaultZone")
                .orShould().callMethod(InstantSource.class, "system")
                .because("what happens at a moment can only be tested if the moment can be chosen: Main has the clock, Phone hands it out"));
    }

    @Test
    void httpStopsAtTheEdge() {
        check(noClasses().that().resideInAnyPackage(FEATURES)
                .should().dependOnClassesThat().resideInAnyPackage("io.helidon.http..", "io.helidon.webserver..", ROOT + ".http..")
                .because("an implementation is a typed function that tests call without a server"));
    }

    @Test
    void theEdgeKnowsNoFeature() {
        check(noClasses().that().resideInAPackage(ROOT + ".http..")
                .should().dependOnClassesThat(resideInAPackage(ROOT + ".otp..").or(resideInAPackage(ROOT + ".project.."))
                        .or(resideInAPackage(ROOT + ".number..")))
                .because("it does with every operation what the contract says of it; only credentials are an application's"));
    }

    @Test
    void theStoreKnowsNobody() {
        check(noClasses().that().resideInAPackage(ROOT + ".store..")
                .should().dependOnClassesThat(resideInAPackage(ROOT + ".http..").or(resideInAPackage(ROOT + ".otp.."))
                        .or(resideInAPackage(ROOT + ".project..")).or(resideInAPackage(ROOT + ".application.."))
                        .or(resideInAPackage(ROOT + ".number..")))
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
    void onlyTheEdgeRoutes() {
        check(noClasses().that().resideOutsideOfPackages(ROOT, ROOT + ".http..").should().dependOnClassesThat().areAssignableTo(Route.class)
                .because("a route is generated, put together by Phone and walked by the edge"));
    }

    @Test
    void randomnessIsSecure() {
        check(noClasses().should().dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe("are random and not secure",
                type -> type.isEquivalentTo(Random.class) || type.isEquivalentTo(java.util.SplittableRandom.class)))
                .because("most of what we draw must not be guessed, and " + SecureRandom.class.getSimpleName() + " is fast enough for the rest"));
    }

    @Test
    void namesSayWhatAThingDoes() {
        check(classes().should().haveSimpleNameNotEndingWith("Impl").andShould().haveSimpleNameNotEndingWith("Manager")
                .andShould().haveSimpleNameNotEndingWith("Helper").andShould().haveSimpleNameNotEndingWith("Utils")
                .because("a name that fits everything says nothing"));
    }
}
