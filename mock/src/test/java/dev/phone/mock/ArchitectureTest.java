// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.github.tomakehurst.wiremock.jetty11.Jetty11HttpServer;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;

/**
 * Which package may know which. The rules name the packages with a special part, so a new package is a feature like {@code otp} unless it is
 * named here: it may use handler, state and model, and none of these may use it. That no package knows the server is a rule of contract-tests.
 */
class ArchitectureTest {
    private static final String ROOT = "dev.phone.mock";
    private static final JavaClasses MOCK = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(ROOT);

    private static void check(ArchRule rule) {
        rule.check(MOCK);
    }

    private static GivenClassesConjunction in(String... packages) {
        return classes().that().resideInAnyPackage(under(packages));
    }

    private static String[] under(String... packages) {
        String[] all = packages.clone();
        for (int i = 0; i < all.length; i++) {
            all[i] = ROOT + "." + all[i] + "..";
        }
        return all;
    }

    /** Classes of the mock that are in none of these packages. */
    private static DescribedPredicate<JavaClass> ofTheMockOutside(String... packages) {
        return JavaClass.Predicates.resideInAPackage(ROOT + "..").and(JavaClass.Predicates.resideOutsideOfPackages(under(packages)));
    }

    private static void knowNoMoreOfTheMockThan(GivenClassesConjunction some, String... packages) {
        check(some.should(com.tngtech.archunit.lang.conditions.ArchConditions.not(
                com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat(ofTheMockOutside(packages))))
                .because("a request arrives over http, perhaps through wiremock, and a handler answers it from the state by the model"));
    }

    @Test
    void dependenciesRunOneWay() {
        knowNoMoreOfTheMockThan(in("model"), "model");
        knowNoMoreOfTheMockThan(in("state"), "state", "model");
        knowNoMoreOfTheMockThan(in("handler"), "handler", "state", "model");
        knowNoMoreOfTheMockThan(in("http"), "http", "handler");
        knowNoMoreOfTheMockThan(in("wiremock"), "wiremock", "http", "handler", "state");
        check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().because("a new package has its place in the same direction"));
        check(noClasses().that().resideOutsideOfPackage(ROOT).should().dependOnClassesThat().resideInAPackage(ROOT)
                .because("what puts the mock together knows all parts, and no part knows the whole"));
    }

    @Test
    void onlyHttpAndWiremockKnowHowRequestsArrive() {
        check(noClasses().that().resideOutsideOfPackages(ROOT, ROOT + ".http..", ROOT + ".wiremock..")
                .should().dependOnClassesThat().resideInAnyPackage("com.github.tomakehurst..", "org.eclipse.jetty..", "jakarta.servlet..",
                        ROOT + ".http..", ROOT + ".wiremock..")
                .because("a response does not depend on whether WireMock or our own server asks for it"));
    }

    @Test
    void jettyAndWireMockMeetInOneClass() {
        check(noClasses().that().resideInAPackage(ROOT + ".http..").should().dependOnClassesThat().resideInAPackage("com.github.tomakehurst..")
                .because("the server is ours, and WireMock one handler behind it"));
        check(classes().that().resideInAPackage(ROOT + "..").and().areAssignableTo(Jetty11HttpServer.class)
                .should().haveSimpleName("WireMockHandlers")
                .because("WireMock's own server is never started, so one subclass that gives its handlers away is enough"));
    }

    @Test
    void timeIsGiven() {
        check(noClasses().that().doNotHaveFullyQualifiedName(PhoneMock.class.getName())
                .and().doNotHaveFullyQualifiedName(Engine.class.getName()).and().haveNameNotMatching(ROOT + "\\.http\\.Refusals")
                .should().callMethod(Instant.class, "now")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callConstructor(Date.class)
                .orShould().callMethod(Clock.class, "systemUTC")
                .orShould().callMethod(Clock.class, "systemDefaultZone")
                .because("the mock's clock can be set; only signatures and the Date header are of the moment at which they really are sent"));
    }
}
