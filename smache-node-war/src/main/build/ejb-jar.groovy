// Declares the shard beans: one class under many names, each a singleton with its own lock.
// Payara Micro deploys them only with a view element and a schema location.
int beans = project.properties['shard.beans'] as int
def sessions = (0..<beans).collect { i ->
    """\
    <session>
      <ejb-name>shard-${i}</ejb-name>
      <local-bean />
      <ejb-class>io.smache.node.shard.ShardBean</ejb-class>
      <session-type>Singleton</session-type>
    </session>"""
}.join('\n')

def target = new File(project.build.directory, 'descriptors/ejb-jar.xml')
target.parentFile.mkdirs()
target.setText("""\
<?xml version="1.0" encoding="UTF-8"?>
<ejb-jar xmlns="https://jakarta.ee/xml/ns/jakartaee" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="https://jakarta.ee/xml/ns/jakartaee https://jakarta.ee/xml/ns/jakartaee/ejb-jar_4_0.xsd" version="4.0">
  <enterprise-beans>
${sessions}
  </enterprise-beans>
</ejb-jar>
""", 'UTF-8')
