// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;

/** Which package knows which. That none knows the server is a rule of contract-tests, where both can be seen. */
class ArchitectureTest {
    private static final String ROOT = "dev.phone.mock";
    private static final JavaClasses MOCK = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(ROOT);

    private static void check(ArchRule rule) {
        rule.check(MOCK);
    }

    @Test
    void dependenciesRunOneWay() {
        check(layeredArchitecture().consideringOnlyDependenciesInAnyPackage(ROOT + "..")
                .layer("mock").definedBy(ROOT)
                .layer("http").definedBy(ROOT + ".http..")
                .layer("otp").definedBy(ROOT + ".otp..")
                .layer("webhook").definedBy(ROOT + ".webhook..")
                .layer("handler").definedBy(ROOT + ".handler..")
                .layer("state").definedBy(ROOT + ".state..")
                .layer("model").definedBy(ROOT + ".model..")
                .whereLayer("mock").mayNotBeAccessedByAnyLayer()
                .whereLayer("http").mayOnlyBeAccessedByLayers("mock")
                .whereLayer("otp").mayOnlyBeAccessedByLayers("mock")
                .whereLayer("webhook").mayOnlyBeAccessedByLayers("mock", "otp")
                .whereLayer("handler").mayOnlyBeAccessedByLayers("mock", "http", "otp", "webhook")
                .whereLayer("state").mayOnlyBeAccessedByLayers("mock", "http", "otp", "webhook", "handler")
                .because("a request comes in over http and is answered from the state by what the contract says"));
    }

    @Test
    void everyPackageIsALayer() {
        check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().because("also a package that is new has its place in one direction"));
    }

    @Test
    void onlyHttpKnowsHowRequestsArrive() {
        check(noClasses().that().resideInAnyPackage(ROOT + ".handler..", ROOT + ".state..", ROOT + ".model..", ROOT + ".otp..",
                        ROOT + ".webhook..")
                .should().dependOnClassesThat().resideInAnyPackage("com.github.tomakehurst..", "org.wiremock..", "wiremock..", "jakarta.servlet..")
                .because("what is answered does not depend on whether WireMock or the direct way asks"));
    }

    @Test
    void timeIsGiven() {
        check(noClasses().that().doNotHaveFullyQualifiedName(PhoneMock.class.getName())
                .and().doNotHaveFullyQualifiedName(Engine.class.getName()).and().haveNameNotMatching(ROOT + "\\.http\\.MockServer.*")
                .should().callMethod(Instant.class, "now")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callConstructor(Date.class)
                .orShould().callMethod(Clock.class, "systemUTC")
                .orShould().callMethod(Clock.class, "systemDefaultZone")
                .because("the mock's clock can be set; only signatures and the Date header are of the moment at which they really are sent"));
    }
}
