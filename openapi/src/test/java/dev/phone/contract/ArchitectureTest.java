// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import dev.phone.api.ErrorMessages;
import dev.phone.api.Operation;
import dev.phone.api.Schema;
import java.io.File;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which class knows which: what runs in server and mock, and what runs in the build alone. */
class ArchitectureTest {
    private static final JavaClasses SHIPPED = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.phone.api", "dev.phone.contract");
    /** The build's own code, with what it takes from ours. */
    private static final JavaClasses BUILD = new ClassFileImporter().importPath("target/build");

    private static final DescribedPredicate<JavaClass> STAND_ALONE = DescribedPredicate.describe("be Operation, Schema or ErrorMessages",
            type -> belongToAnyOf(Operation.class, Schema.class, ErrorMessages.class).test(type.getBaseComponentType()));

    @Test
    void theApiKnowsNoContractFile() {
        noClasses().that().resideInAPackage("dev.phone.api..").should().dependOnClassesThat().resideInAPackage("dev.phone.contract..")
                .because("the generated API is the contract; it needs to read none").check(SHIPPED);
    }

    @Test
    void whatRunsInTheBuildAloneIsNotShipped() {
        Set<String> ofTheBuild = Stream.of(new File("src/build/java/dev/phone/contract").list())
                .map(file -> "dev.phone.contract." + file.replace(".java", "")).collect(Collectors.toSet());
        assertTrue(ofTheBuild.contains("dev.phone.contract.Build"));
        noClasses().should(ArchCondition.from(DescribedPredicate.<JavaClass>describe("run in the build alone",
                type -> ofTheBuild.contains(type.getFullName().replaceAll("\\$.*", "")))))
                .because("the mock reads contracts, and nothing that is shipped checks or writes them").check(SHIPPED);
    }

    @Test
    void theBuildNeedsNothingThatIsGenerated() {
        classes().that().resideInAPackage("dev.phone.api..").should(ArchCondition.from(STAND_ALONE))
                .because("the build runs before anything is generated: these stand alone, their neighbours do not").check(BUILD);
    }
}
